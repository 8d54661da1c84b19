/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The map of the driver.
 */
#ifndef VFIO_CCW_H
#define VFIO_CCW_H

#include <linux/completion.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/vfio_ccw.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <asm/debug.h>

#include "cio.h"
#include "css.h"

#include "cp/cp.h"
#include "crw.h"
#include "fsm.h"
#include "io.h"
#include "iotlb.h"
#include "status.h"

/**
 * DOC: objects, owners and locks
 *
 * subchannel
 *	cio's object. While our css_driver is bound to it, its driver data is a
 *	&struct vccw_parent.
 * parent
 *	&struct vccw_parent, from probe to remove. Offers one mediated device
 *	of type vfio_ccw-io.
 * device
 *	&struct vccw_device, from the creation of the mediated device to the
 *	last reference on it. Its parent points to it between the mdev
 *	driver's probe and remove.
 * user
 *	who has the device open: a virtual machine, a test
 * program
 *	a channel program in translated form; the hardware owns it from an
 *	accepted start to its final status. A device has at most one.
 *
 * Lock order: parent->device_lock -> device->io_lock -> sch->lock.
 *
 * io_lock is a mutex, held by whoever starts, halts, clears, translates,
 * unmaps, resets, opens, closes or migrates. sch->lock is cio's spinlock, taken with
 * interrupts off and held in the interrupt handler; it protects the state, the
 * status, the reports, the triggers and each channel instruction. Devices
 * share no lock but that of the address space that they watch together (iotlb.c).
 * Documentation/arch/s390/vfio-ccw-locking.rst has the details.
 *
 * A request goes down: regions.c, request.c, cp/ with iotlb.c, fsm.c, io.c. An
 * interrupt comes up: parent.c, fsm.c, cp/, status.c, irqs.c. The user then reads
 * the status: regions.c, status.c.
 */

struct device;
struct eventfd_ctx;
struct file;
struct vccw_device;
struct vfio_info_cap;

/* --- objects --------------------------------------------------------------- */

/**
 * struct vccw_parent - a subchannel that can be handed to a user
 * @sch: the subchannel
 * @io: how to talk to it
 * @mdev_parent: for the mdev core
 * @type: the one type of mediated devices
 * @types: points to @type, for the mdev core
 * @device_lock: keeps @device while it is used without sch->lock
 * @device: the mediated device's half, or %NULL; changes with both
 *	@device_lock and sch->lock held
 * @devno: number of the I/O device that the subchannel led to at first
 * @lost: the device is gone, or another one is there; sch->lock
 * @in_transit: probe, remove or shutdown is at it, no new @work; sch->lock
 * @unregistering: cio was asked to unregister the subchannel; sch->lock
 * @registered: with the mdev core; belongs to @work and, after it, to remove
 * @work: brings @registered in line with @lost; may wait for users
 */
struct vccw_parent {
	struct subchannel *sch;
	const struct vfio_ccw_io_ops *io;
	struct mdev_parent mdev_parent;
	struct mdev_type type;
	struct mdev_type *types[1];
	struct mutex device_lock;	/* keeps device */
	struct vccw_device *device;
	u16 devno;
	bool lost;
	bool in_transit;
	bool unregistering;
	bool registered;
	struct delayed_work work;
};

/**
 * struct vccw_stats - counters since a device was created
 * @starts: start functions that the hardware accepted
 * @halts: halt functions
 * @clears: clear functions
 * @resumes: resume functions
 * @followed: how often a program that changed itself, or was appended to, went on
 * @unfollowed: programs that may change themselves without being seen to
 * @interrupts: interrupts
 * @unsolicited: those that came by themselves
 * @checks: starts ended by a check without hardware
 * @unit_checks: interrupts with unit check
 * @program_checks: interrupts with program check or protection check
 * @channel_checks: interrupts with a check of the channel: data, control, interface, chaining
 * @refused_busy: requests refused since the subchannel was busy
 * @refused_path: requests refused since there was no device or no path
 * @refused_orb: starts refused for their ORB
 * @refused_resources: translations that failed for lack of memory or the like: of starts,
 *	resumes, and programs that were followed
 * @retranslated: translations repeated as the address space moved
 * @ccws: CCWs translated
 * @idaws: IDAWs written
 * @bytes: bytes that the programs may transfer
 * @resets: resets
 * @quiesces: how often the subchannel was brought to rest
 * @quiesce_failures: how often that did not work
 * @saves: how often the state of a stopped device was given to the user
 * @restores: how often one was taken over
 *
 * Those of instructions and interrupts change with sch->lock held, the others
 * with io_lock held.
 */
struct vccw_stats {
	u64 starts;
	u64 halts;
	u64 clears;
	u64 resumes;
	u64 followed;
	u64 unfollowed;
	u64 interrupts;
	u64 unsolicited;
	u64 checks;
	u64 unit_checks;
	u64 program_checks;
	u64 channel_checks;
	u64 refused_busy;
	u64 refused_path;
	u64 refused_orb;
	u64 refused_resources;
	u64 retranslated;
	u64 ccws;
	u64 idaws;
	u64 bytes;
	u64 resets;
	u64 quiesces;
	u64 quiesce_failures;
	u64 saves;
	u64 restores;
};

#define VCCW_UNMAPS	4

/**
 * struct vccw_range - guest memory
 * @first: its first byte
 * @last: its last byte
 */
struct vccw_range {
	u64 first;
	u64 last;
};

/**
 * struct vccw_unmap - guest memory that vfio is about to unmap
 * @lock: protects the rest
 * @range: what @work has still to do
 * @nr: how many
 * @asked: how often vfio asked
 * @done: up to which of these all is done
 * @wait: for @done
 * @work: does it
 */
struct vccw_unmap {
	spinlock_t lock;	/* the rest */
	struct vccw_range range[VCCW_UNMAPS];
	u32 nr;
	u64 asked;
	u64 done;
	wait_queue_head_t wait;
	struct work_struct work;
};

/**
 * struct vccw_device - a mediated device
 * @vdev: vfio's half
 * @sch: the subchannel
 * @io: how to talk to it
 * @have: CP_HAVE_* of the machine
 * @io_lock: see the lock order
 * @state: where the device is; written by fsm.c with sch->lock held
 * @program: the hardware owns a program; as @state
 * @status: what the user has not taken; sch->lock
 * @crws: channel reports; sch->lock
 * @trigger: eventfds by interrupt index; sch->lock
 * @irb: the interrupt at hand; sch->lock
 * @rest: something happened that quiesce.c waits for
 * @region: what the user wrote into the I/O region; io_lock
 * @cmd: the command region; io_lock
 * @orb: the guest's ORB of the start at hand; io_lock
 * @host: its translation; io_lock
 * @cp: the translator; io_lock, and while @program the interrupt handler
 * @spare: translates the rest of a suspended program, and takes the place of @cp
 *	when that goes on; as @cp
 * @suspended_at: host CPA of the status that said that the program is suspended;
 *	sch->lock
 * @paused: it is, since it may have changed itself; sch->lock
 * @ended: it is not, but has ended, and what is left of it is to be started; sch->lock
 * @unheard: triggers that were not there when they were to be signalled, by index;
 *	sch->lock
 * @follow: translates it anew then
 * @follow_tries: how often that is tried before it is given up; io_lock
 * @iotlb: the pin cache; as @cp
 * @reap: gives back what was pinned for one program only
 * @unmap: guest memory that is about to go
 * @mig_state: where the device is for migration; io_lock
 * @mig_file: through which its state goes to or comes from the user, or %NULL; io_lock
 * @stats: counters
 */
struct vccw_device {
	struct vfio_device vdev;
	struct subchannel *sch;
	const struct vfio_ccw_io_ops *io;
	u32 have;
	struct mutex io_lock;	/* one request at a time */

	enum vccw_state state;
	bool program;
	struct vccw_status status;
	struct vccw_crws crws;
	struct eventfd_ctx *trigger[VFIO_CCW_NUM_IRQS];
	u32 irb[IRB_WORDS];
	struct completion rest;

	struct ccw_io_region region;
	struct ccw_cmd_region cmd;
	struct cp_orb orb;
	struct cp_result host;
	struct cp cp;
	struct cp spare;
	u32 suspended_at;
	bool paused;
	bool ended;
	u8 unheard;
	struct delayed_work follow;
	u32 follow_tries;
	struct vccw_iotlb *iotlb;
	struct delayed_work reap;
	struct vccw_unmap unmap;
	enum vfio_device_mig_state mig_state;
	struct file *mig_file;

	struct vccw_stats stats;
};

static inline struct vccw_device *to_vccw_device(struct vfio_device *vdev)
{
	return container_of(vdev, struct vccw_device, vdev);
}

/* --- main.c ---------------------------------------------------------------- */

extern debug_info_t *vccw_debug;
extern struct workqueue_struct *vccw_wq;
extern struct workqueue_struct *vccw_parent_wq;

/* level 0: broken; 2: an error that somebody may ask about; 4: life; 6: each request */
#define VCCW_DBF(level, sch, fmt, ...)						\
	debug_sprintf_event(vccw_debug, level, "0.%x.%04x " fmt "\n",		\
			    (sch)->schid.ssid, (sch)->schid.sch_no, ##__VA_ARGS__)

/* --- parent.c -------------------------------------------------------------- */

/**
 * vccw_parent_register() - register the css_driver
 *
 * Context: module init.
 * Return: 0 or a negative errno.
 */
int vccw_parent_register(void);

/**
 * vccw_parent_unregister() - undo vccw_parent_register()
 *
 * Context: module exit; waits for users.
 */
void vccw_parent_unregister(void);

/**
 * vccw_parent_attach() - a device comes into being
 * @parent: its parent
 * @dev: the device
 *
 * Context: may sleep.
 * Return: 0, -EUSERS if there is one already, or -ENODEV if the subchannel is lost.
 */
int vccw_parent_attach(struct vccw_parent *parent, struct vccw_device *dev);

/**
 * vccw_parent_detach() - undo vccw_parent_attach()
 * @parent: the parent
 *
 * Context: may sleep. Afterwards no interrupt or event reaches the device.
 */
void vccw_parent_detach(struct vccw_parent *parent);

/**
 * vccw_parent_lost() - a device's subchannel cannot be used any more
 * @dev: the device, attached
 *
 * As if the subchannel had been lost: the mediated device goes when its user has
 * gone, and is offered anew if the subchannel turns out to be well.
 *
 * Context: sch->lock held.
 */
void vccw_parent_lost(struct vccw_device *dev);

/* --- paths.c --------------------------------------------------------------- */

/**
 * vccw_paths_event() - channel paths of a subchannel go or come
 * @sch: the subchannel
 * @io: how to talk to it
 * @dev: its mediated device, or %NULL
 * @mask: the paths
 * @event: CHP_VARY_OFF and so on
 *
 * The user gets a channel report for each. A start that needs a path that goes is
 * ended by the host.
 *
 * Context: sch->lock held.
 * Return: 0, or -ENODEV if the subchannel has to be looked at.
 */
int vccw_paths_event(struct subchannel *sch, const struct vfio_ccw_io_ops *io,
		     struct vccw_device *dev, u8 mask, int event);

/* --- device.c -------------------------------------------------------------- */

extern struct mdev_driver vccw_mdev_driver;

/* --- stats.c --------------------------------------------------------------- */

extern const struct attribute_group *vccw_stats_groups[];

/* --- regions.c ------------------------------------------------------------- */

#define VCCW_NR_REGIONS	4

/**
 * vccw_region_read() - read from a region
 * @dev: the device
 * @buf: where to
 * @count: how much
 * @ppos: region and place in it
 *
 * Context: may sleep.
 * Return: @count or a negative errno.
 */
ssize_t vccw_region_read(struct vccw_device *dev, char __user *buf, size_t count, loff_t *ppos);

/**
 * vccw_region_write() - write to a region
 * @dev: the device
 * @buf: where from
 * @count: how much
 * @ppos: region and place in it
 *
 * Context: may sleep.
 * Return: @count or a negative errno, never -EAGAIN.
 */
ssize_t vccw_region_write(struct vccw_device *dev, const char __user *buf, size_t count,
			  loff_t *ppos);

/**
 * vccw_region_info() - describe a region
 * @info: index in, the rest out
 * @caps: its capabilities
 *
 * Return: 0, -EINVAL if there is no such region, -ENOMEM.
 */
int vccw_region_info(struct vfio_region_info *info, struct vfio_info_cap *caps);

/* --- request.c --------------------------------------------------------------- */

/**
 * vccw_request_init() - prepare for requests
 * @dev: the device
 */
void vccw_request_init(struct vccw_device *dev);

/**
 * vccw_request_start() - do the start or resume function that is in the I/O region
 * @dev: the device
 *
 * Context: io_lock held; may sleep.
 * Return: 0 if status will come, or has come, or a negative errno.
 */
int vccw_request_start(struct vccw_device *dev);

/**
 * vccw_request_command() - do the command that is in the command region
 * @dev: the device
 *
 * Context: io_lock held; may sleep.
 * Return: 0 or a negative errno.
 */
int vccw_request_command(struct vccw_device *dev);

/* --- program.c --------------------------------------------------------------- */

/**
 * vccw_program_init() - prepare for programs
 * @dev: the device
 */
void vccw_program_init(struct vccw_device *dev);

/**
 * vccw_program_release() - forget a translation, and let its pages go
 * @dev: the device; the hardware does not own the program, or not any more
 *
 * Context: io_lock held, or sch->lock if the program has just ended.
 */
void vccw_program_release(struct vccw_device *dev);

/* --- unmap.c ----------------------------------------------------------------- */

/**
 * vccw_unmap_init() - prepare for unmaps
 * @dev: the device
 */
void vccw_unmap_init(struct vccw_device *dev);

/**
 * vccw_unmap_exit() - undo vccw_unmap_init()
 * @dev: the device; vfio asks for no unmap any more
 *
 * Context: may sleep.
 */
void vccw_unmap_exit(struct vccw_device *dev);

/**
 * vccw_unmap() - leave nothing pinned of a range of guest memory
 * @dev: the device
 * @iova: of the range
 * @length: of the range in bytes, at least 1; may reach the end of the address space
 *
 * A program that uses it is ended, and its user told so.
 *
 * Context: sleeps, for fifteen seconds at most; io_lock not held.
 */
void vccw_unmap(struct vccw_device *dev, u64 iova, u64 length);

/* --- irqs.c ---------------------------------------------------------------- */

/**
 * vccw_irq_signal() - signal a trigger, if it is set
 * @dev: the device
 * @index: VFIO_CCW_*_IRQ_INDEX
 *
 * Context: sch->lock held; any, also interrupts.
 */
void vccw_irq_signal(struct vccw_device *dev, unsigned int index);

/**
 * vccw_irq_remind() - signal a trigger if there is something to be taken
 * @dev: the device
 * @index: VFIO_CCW_*_IRQ_INDEX
 *
 * For status and reports that came when nobody could be told of them.
 *
 * Context: sch->lock held.
 */
void vccw_irq_remind(struct vccw_device *dev, unsigned int index);

/**
 * vccw_irq_drain() - take back what was signalled and not noticed yet
 * @dev: the device
 * @index: VFIO_CCW_*_IRQ_INDEX
 *
 * Context: sch->lock held.
 */
void vccw_irq_drain(struct vccw_device *dev, unsigned int index);

/**
 * vccw_irq_set() - do as VFIO_DEVICE_SET_IRQS says
 * @dev: the device
 * @set: header, validated
 * @data: what follows it, or %NULL
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int vccw_irq_set(struct vccw_device *dev, const struct vfio_irq_set *set, const void *data);

/**
 * vccw_irq_release() - let all triggers go
 * @dev: the device
 *
 * Context: may sleep.
 */
void vccw_irq_release(struct vccw_device *dev);

/* --- quiesce.c ------------------------------------------------------------- */

/**
 * vccw_quiesce_stop() - bring the subchannel to rest and disable it
 * @dev: the device
 *
 * Ends in CLOSED or GONE, without a program, status or report. Cannot fail.
 * Context: io_lock held; sleeps, for a few seconds at most.
 */
void vccw_quiesce_stop(struct vccw_device *dev);

/**
 * vccw_quiesce_pause() - bring the subchannel to rest, and let the user go on
 * @dev: the device
 *
 * What the user had asked for ends with status. Without a program afterwards.
 * Context: io_lock held; sleeps, for a few seconds at most.
 */
void vccw_quiesce_pause(struct vccw_device *dev);

/**
 * vccw_quiesce_freeze() - bring the subchannel to rest, and keep it there
 * @dev: the device
 *
 * As vccw_quiesce_pause(). From then on until %VCCW_EVENT_OPEN nothing is started,
 * and the user is told of nothing.
 * Context: io_lock held; sleeps, for a few seconds at most.
 * Return: 0, -EBUSY if there is a suspended program, -ENODEV or -EIO if the
 * device cannot be used any more.
 */
int vccw_quiesce_freeze(struct vccw_device *dev);

/**
 * vccw_quiesce_reset() - as after power-on
 * @dev: the device
 *
 * Context: io_lock held; sleeps, for a few seconds at most.
 * Return: 0, or a negative errno if the device cannot be used any more.
 */
int vccw_quiesce_reset(struct vccw_device *dev);

/* --- migrate.c -------------------------------------------------------------- */

/**
 * vccw_migrate_init() - tell vfio that a device can be migrated
 * @dev: the device, not yet registered
 */
void vccw_migrate_init(struct vccw_device *dev);

/**
 * vccw_migrate_reset() - the device runs, whatever it did before
 * @dev: the device; for the rest of it see vccw_quiesce_reset()
 *
 * Nothing passes through files of before any more. Context: io_lock held.
 */
void vccw_migrate_reset(struct vccw_device *dev);

#endif
