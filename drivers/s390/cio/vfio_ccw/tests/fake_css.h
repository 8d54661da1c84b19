/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A channel subsystem that answers as it is told, with one device in it, and
 * eventfds that keep account.
 *
 * fake_css.c has the driver's own files a second time, for which the names
 * below are changed; what they call of eventfd leads to the fakes. The suites
 * include this header instead of vfio_ccw.h and use the names as they are.
 */
#ifndef VFIO_CCW_TESTS_FAKE_CSS_H
#define VFIO_CCW_TESTS_FAKE_CSS_H

#define vccw_debug		kunit_vccw_debug
#define vccw_wq			kunit_vccw_wq
#define vccw_fsm		kunit_vccw_fsm
#define vccw_fsm_event		kunit_vccw_fsm_event
#define vccw_irq_drain		kunit_vccw_irq_drain
#define vccw_irq_release	kunit_vccw_irq_release
#define vccw_irq_remind		kunit_vccw_irq_remind
#define vccw_irq_set		kunit_vccw_irq_set
#define vccw_irq_signal		kunit_vccw_irq_signal
#define vccw_migrate_init	kunit_vccw_migrate_init
#define vccw_migrate_reset	kunit_vccw_migrate_reset
#define vccw_parent_lost	kunit_vccw_parent_lost
#define vccw_parent_wq		kunit_vccw_parent_wq
#define vccw_paths_event	kunit_vccw_paths_event
#define vccw_program_init	kunit_vccw_program_init
#define vccw_program_release	kunit_vccw_program_release
#define vccw_quiesce_freeze	kunit_vccw_quiesce_freeze
#define vccw_quiesce_pause	kunit_vccw_quiesce_pause
#define vccw_quiesce_reset	kunit_vccw_quiesce_reset
#define vccw_quiesce_stop	kunit_vccw_quiesce_stop
#define vccw_region_info	kunit_vccw_region_info
#define vccw_region_read	kunit_vccw_region_read
#define vccw_region_write	kunit_vccw_region_write
#define vccw_request_command	kunit_vccw_request_command
#define vccw_request_init	kunit_vccw_request_init
#define vccw_request_start	kunit_vccw_request_start
#define vccw_unmap		kunit_vccw_unmap
#define vccw_unmap_exit		kunit_vccw_unmap_exit
#define vccw_unmap_init		kunit_vccw_unmap_init
#define vfio_ccw_io_have	kunit_vfio_ccw_io_have
#define vfio_ccw_io_ops		kunit_vfio_ccw_io_ops

#include <kunit/test.h>
#include <linux/hrtimer.h>

#include "../vfio_ccw.h"
#include "fake_mem.h"

enum fake_op {
	FAKE_ENABLE,
	FAKE_DISABLE,
	FAKE_SCHIB,
	FAKE_START,
	FAKE_HALT,
	FAKE_CLEAR,
	FAKE_RESUME,
	FAKE_REST,
	FAKE_NR_OPS
};

/**
 * struct eventfd_ctx - nobody but fs/eventfd.c knows the real one
 * @refs: references; 0: nobody may use it
 * @count: what a read would return
 * @signals: how often it was signalled
 */
struct eventfd_ctx {
	atomic_t refs;
	atomic_t count;
	atomic_t signals;
};

#define FAKE_EVENTFDS	6	/* their fds are 0 to 5 */

#define FAKE_ANSWERS	8
#define FAKE_LOG	512
#define FAKE_UNMAPS	16

/**
 * struct fake_css - a subchannel, its device and who watches them
 * @test: where failures go
 * @sch: the subchannel
 * @dev: the device
 * @fm: the guest's memory
 * @in_use: what of it the program uses, as far as unmaps are concerned
 * @unmapped: what was unmapped, in this order
 * @nr_unmapped: how many
 * @gives_way: translations are to fail for the sake of an unmap
 * @ready: what happens at the end of each translation, and whether memory stood still
 *	meanwhile; %NULL: nothing, and it did
 * @translations: how often one began
 * @pages: a translation has pages, or a program
 * @answer: what each instruction answers, one after the other; the last one
 *	stays; 0 if there is none
 * @nr: how many there are
 * @at: which is next
 * @log: the instructions that were issued
 * @orb: the last one of START SUBCHANNEL
 * @lpm: the paths that the user's ORBs name
 * @retries: what the last call of rest was given
 * @rest_irq_us: an interrupt comes so long after each rest that was not the last, 0: never
 * @irq_scsw0: its SCSW
 * @irq_event: what happens then, an interrupt or a loss
 * @timer: for that
 * @in_copy: happens once, while memory of the user is written
 */
struct fake_css {
	struct kunit *test;
	struct subchannel sch;
	struct vccw_device dev;
	struct fake_mem *fm;
	struct vccw_range in_use;
	struct vccw_range unmapped[FAKE_UNMAPS];
	u32 nr_unmapped;
	bool gives_way;
	bool (*ready)(struct fake_css *css);
	u32 translations;
	bool pages;
	int answer[FAKE_NR_OPS][FAKE_ANSWERS];
	u32 nr[FAKE_NR_OPS];
	u32 at[FAKE_NR_OPS];
	char log[FAKE_LOG];
	struct cp_orb orb;
	u8 lpm;
	int retries;
	u32 rest_irq_us;
	u32 irq_scsw0;
	enum vccw_event irq_event;
	struct hrtimer timer;
	void (*in_copy)(struct fake_css *css);
};

extern struct eventfd_ctx fake_eventfds[FAKE_EVENTFDS];

/* init and exit of a suite: test->priv is a struct fake_css; what every test checks at its end */
int fake_css_init(struct kunit *test);
void fake_css_exit(struct kunit *test);
/* two pages of a user, of which the second one is not there */
u8 __user *fake_user(struct kunit *test);

/* append to the answers of an instruction; forget all */
void fake_answer(struct fake_css *css, enum fake_op op, int ret);
void fake_no_answers(struct fake_css *css);
/* the log, which is empty afterwards */
const char *fake_log(struct fake_css *css);

int fake_event(struct fake_css *css, enum vccw_event event);
/* status, as TEST SUBCHANNEL would have given it to the host */
int fake_interrupt(struct fake_css *css, u32 scsw0, u32 host_cpa, u32 scsw2);
/* what a read of the I/O region takes */
bool fake_take(struct fake_css *css, u32 *irb);
/* bring a new device to a state, on the way that a user would take */
void fake_goto(struct fake_css *css, enum vccw_state state);

/* a start as a user asks for it: a NOP at 0x1000 if @cpa is that; and with these ORB bits */
int fake_start(struct fake_css *css, u32 cpa);
int fake_start_orb(struct fake_css *css, u32 cpa, u32 flags);
#define FAKE_CPA	0x1000u

/* let triggers be eventfds 0 to 2, by index */
void fake_set_triggers(struct fake_css *css);
u32 fake_signals(u32 fd);

#endif
