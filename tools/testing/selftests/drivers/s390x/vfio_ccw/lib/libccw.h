/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccw: channel programs from user space, through /dev/vfio.
 *
 * Two layers: functions with a leading underscore return 0 or a negative
 * errno (or, where they say so, a count), for tests of failures; the macros
 * of the same name without it assert success and need a kselftest harness.
 *
 * Words: an "iova" is what the driver calls a guest address; a ccw_mem is a
 * piece of "guest memory", seen by the test at hva and by the device at iova.
 *
 * Layouts are written down here once more, not taken from the uapi header:
 * the abi test compares the two.
 */
#ifndef LIBCCW_H
#define LIBCCW_H

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#if __BYTE_ORDER != __BIG_ENDIAN
#error channel programs are big-endian: build for s390x
#endif

/*
 * TEST_F keeps the pid of its child in a variable that longjmp(), which is how
 * an assertion ends a test, would leave as it was before the fork: there would
 * be no teardown, and one process more to go on with the tests.
 */
#ifdef TEST_HARNESS_MAIN
#define pid_t volatile pid_t
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))

#define CCW_PAGE	4096UL

/* ---- the interface ---- */

enum { REGION_IO, REGION_CMD, REGION_SCHIB, REGION_CRW, NR_REGIONS };
enum { IRQ_IO, IRQ_CRW, IRQ_REQ, NR_IRQS };

#define REGION_OFFSET(index)	((u64)(index) << 10)

#define ASYNC_HALT	1
#define ASYNC_CLEAR	2
#define ASYNC_RESUME	4

struct ccw_orb {
	u32 intparm;
	u32 flags;
	u32 cpa;
};

struct ccw_scsw {
	u32 flags;
	u32 cpa;
	u8 dstat;
	u8 cstat;
	u16 count;
};

struct ccw_irb {
	struct ccw_scsw scsw;
	u32 esw[5];
	u8 ecw[32];
	u8 emw[32];
};

struct ccw_io {
	struct ccw_orb orb;
	struct ccw_scsw scsw;
	struct ccw_irb irb;
	u32 ret_code;
} __attribute__((packed));

struct ccw_cmd {
	u32 command;
	u32 ret_code;
};

struct ccw_schib {
	u32 intparm;
	u8 pmcw[24];
	struct ccw_scsw scsw;
	u8 mda[12];
};

struct ccw_crw {
	u32 crw;
	u32 pad;
};

_Static_assert(sizeof(struct ccw_irb) == 96, "irb");
_Static_assert(sizeof(struct ccw_io) == 124, "I/O region");
_Static_assert(sizeof(struct ccw_schib) == 52, "schib");

/* ORB word 1 */
#define ORB_KEY(k)	((u32)(k) << 28)
#define ORB_S		0x08000000u	/* suspend control */
#define ORB_F		0x00800000u	/* format 1 CCWs */
#define ORB_P		0x00400000u	/* prefetch */
#define ORB_I		0x00200000u	/* initial status */
#define ORB_A		0x00100000u	/* address limit */
#define ORB_U		0x00080000u	/* suppress suspended */
#define ORB_B		0x00040000u	/* transport mode */
#define ORB_H		0x00020000u	/* format 2 IDAWs */
#define ORB_T		0x00010000u	/* 2K format 2 IDAWs */
#define ORB_LPM(m)	((u32)(m) << 8)
#define ORB_D		0x00000040u	/* MIDAWs */
#define ORB_ZERO	0x0000003eu
#define ORB_X		0x00000001u	/* ORB extension */

/* where in the PMCW of a SCHIB */
#define PMCW_LPUM	6
#define PMCW_PAM	11
#define PMCW_CHPID	12

/* channel-report word: reporting source, error-recovery code, a bit */
#define CRW_OVERFLOW	0x20000000u
#define CRW_CPATH	0x04000000u
#define CRW_INIT	0x00020000u
#define CRW_PERRN	0x00060000u

/* the same as numbers */
#define RSC_SCH		3
#define RSC_CPATH	4
#define ERC_INIT	2
#define ERC_IPARM	4
#define ERC_PERRN	6
#define ERC_PERRI	7
#define ERC_PMOD	8

/* SCSW word 0 */
#define SCSW_KEY	0xf0000000u
#define SCSW_S		0x08000000u
#define SCSW_CC		0x03000000u
#define SCSW_F		0x00800000u
#define SCSW_P		0x00400000u
#define SCSW_I		0x00200000u
#define SCSW_A		0x00100000u
#define SCSW_U		0x00080000u
#define FCTL_START	0x00004000u
#define FCTL_HALT	0x00002000u
#define FCTL_CLEAR	0x00001000u
#define ACTL_RESUME	0x00000800u
#define ACTL_START	0x00000400u
#define ACTL_HALT	0x00000200u
#define ACTL_SCH	0x00000080u
#define ACTL_DEV	0x00000040u
#define ACTL_SUSP	0x00000020u
#define STCTL_ALERT	0x00000010u
#define STCTL_INTER	0x00000008u
#define STCTL_PRIM	0x00000004u
#define STCTL_SEC	0x00000002u
#define STCTL_PEND	0x00000001u
#define STCTL_MASK	0x0000001fu

#define DSTAT_ATTN	0x80
#define DSTAT_CE	0x08
#define DSTAT_DE	0x04
#define DSTAT_UC	0x02
#define DSTAT_UX	0x01
#define CSTAT_PCI	0x80
#define CSTAT_IL	0x40
#define CSTAT_PROG	0x20
#define CSTAT_PROT	0x10
#define CSTAT_IFCC	0x02

/* CCW flags */
#define CCW_CD		0x80
#define CCW_CC		0x40
#define CCW_SLI		0x20
#define CCW_SKIP	0x10
#define CCW_PCI		0x08
#define CCW_IDA		0x04
#define CCW_S		0x02
#define CCW_MIDA	0x01

#define CMD_NOP		0x03
#define CMD_SENSE	0x04
#define CMD_SENSE_ID	0xe4
#define CMD_TIC		0x08

/* ---- memory ---- */

/* the group and a container; the cdev and an iommufd; the group and an iommufd */
enum ccw_iommu_mode { IOMMU_TYPE1, IOMMU_IOMMUFD, IOMMU_GROUP_IOMMUFD };

#define CCW_MAX_DEVS	8

struct ccw_iommu {
	enum ccw_iommu_mode mode;
	int fd;			/* container or /dev/iommu */
	bool set;		/* type1: VFIO_SET_IOMMU done */
	u32 ioas;
};

struct ccw_mem {
	struct ccw_iommu *iommu;
	int memfd;
	u8 *hva;
	u64 iova;
	size_t size;
};

#define MEM_RO		1	/* the device may not write */
#define MEM_PRIVATE	2	/* anonymous memory instead of a shared memfd */

int _ccw_iommu_open(struct ccw_iommu *iommu, enum ccw_iommu_mode mode);
void ccw_iommu_close(struct ccw_iommu *iommu);

int _ccw_dma_map(struct ccw_iommu *iommu, void *hva, u64 iova, size_t size,
		 bool writable);
/* bytes unmapped, or a negative errno */
ssize_t _ccw_dma_unmap(struct ccw_iommu *iommu, u64 iova, size_t size);

/* memory and its mapping in one */
int _ccw_mem_create(struct ccw_mem *mem, struct ccw_iommu *iommu, u64 iova,
		    size_t size, int flags);
void ccw_mem_destroy(struct ccw_mem *mem);

/*
 * Pages that whoever touches them waits for, until their fault is handled: a userfaultfd,
 * or a negative number if there is none here. The kernel does not wait to pin them.
 */
int ccw_withhold(void **pages, size_t size);

/* the address of a page that somebody waits for by now or within @ms, or 0 */
unsigned long ccw_awaited(int fd, int ms);

static inline void *ccw_hva(const struct ccw_mem *mem, u64 iova)
{
	return mem->hva + (iova - mem->iova);
}

/* ---- a device ---- */

struct ccw_backend;

struct ccw_dev {
	struct ccw_iommu *iommu;
	char uuid[40];
	char busid[16];		/* of the subchannel */
	int group;
	int fd;
	int irq[NR_IRQS];	/* eventfds, -1: not set */
	struct ccw_io io;
	const struct ccw_backend *backend;
	u16 cu_type;
	u8 cu_model;
	u16 dev_type;
};

/* Opens the device and registers an eventfd for each interrupt. */
int _ccw_dev_open(struct ccw_dev *dev, struct ccw_iommu *iommu,
		  const char *uuid);

/* Is the file there by which iommufd's users open the device? */
bool ccw_dev_has_node(const char *uuid);
void ccw_dev_close(struct ccw_dev *dev);

int _ccw_set_irqs(struct ccw_dev *dev, u32 flags, u32 index, u32 start,
		  u32 count, const void *data, size_t size);
int _ccw_set_eventfd(struct ccw_dev *dev, u32 index, int fd);
/* 0: signalled (and the eventfd is zero again), -ETIMEDOUT */
int _ccw_wait_irq(struct ccw_dev *dev, u32 index, int timeout_ms);

/* whole regions; 0 or a negative errno, a short count is -EIO */
int _ccw_read_region(struct ccw_dev *dev, u32 index, void *buf);
int _ccw_write_region(struct ccw_dev *dev, u32 index, const void *buf);

/* a number that the eventfd has until nobody at all knows it any more; -1: unknown */
int ccw_eventfd_id(int fd);

/* the write alone: what START SUBCHANNEL is to a guest */
int _ccw_start(struct ccw_dev *dev, const struct ccw_orb *orb);
/* RESUME SUBCHANNEL as QEMU has it: a write of the I/O region with the old ORB */
int _ccw_resume(struct ccw_dev *dev);
/* wait for the eventfd, then take the status: an interrupt and TSCH */
int _ccw_status(struct ccw_dev *dev, struct ccw_irb *irb, int timeout_ms);
/* statuses until one of them ends the start function, accumulated */
int _ccw_final_status(struct ccw_dev *dev, struct ccw_irb *irb, int timeout_ms);
int _ccw_run(struct ccw_dev *dev, const struct ccw_orb *orb,
	     struct ccw_irb *irb);
int _ccw_async(struct ccw_dev *dev, u32 command);
int _ccw_reset(struct ccw_dev *dev);
/* the later of two statuses, with what the earlier one has beyond it */
void ccw_accumulate(struct ccw_irb *irb, const struct ccw_irb *more);
bool ccw_ends_start(const struct ccw_scsw *scsw);
/* takes whatever status is left over; how many there were */
int ccw_drain(struct ccw_dev *dev);

#define CCW_TIMEOUT_MS	8000

/* ---- migration ---- */

#define CCW_STATE_MAX	4096	/* more than a saved state has */

/* VFIO_DEVICE_STATE_*; the new session's file in *fd if fd is given, else it is closed */
int _ccw_mig_set(struct ccw_dev *dev, u32 state, int *fd);
/* the state, or a negative errno */
int _ccw_mig_get(struct ccw_dev *dev);
/* stops the device and saves it, in bytes; ends in STOP */
ssize_t _ccw_save(struct ccw_dev *dev, void *buf);
/* takes over what was saved; ends in STOP */
int _ccw_load(struct ccw_dev *dev, const void *buf, size_t size);

/* ---- programs ---- */

struct ccw_prog {
	struct ccw_mem *mem;
	u64 start;
	u64 next;		/* where the next CCW goes */
	int fmt;
	u32 idaw;		/* ORB bits for the kind of IDAWs */
};

void ccw_prog_init(struct ccw_prog *p, struct ccw_mem *mem, u64 iova, int fmt);
/* writes a CCW at p->next; its iova */
u64 ccw_put(struct ccw_prog *p, u8 cmd, u8 flags, u16 count, u32 cda);
u64 ccw_put_tic(struct ccw_prog *p, u64 target);
/* sets the flags of the last CCW: chains it, say */
void ccw_or_flags(struct ccw_prog *p, u8 flags);
struct ccw_orb ccw_orb(const struct ccw_prog *p);

/*
 * An IDAL at iova @at for [data, data + count), as p->idaw says; the number
 * of its entries.
 */
unsigned int ccw_put_idal(struct ccw_prog *p, u64 at, u64 data, u32 count);

#define MIDAW_LAST	0x80
#define MIDAW_SKIP	0x40

/* a MIDAW at iova @at; the iova behind it */
u64 ccw_put_midaw(struct ccw_prog *p, u64 at, u8 flags, u16 count, u64 data);

#define CMD_DEFINE_EXTENT	0x63
#define ECKD_LOCATE		0x47
#define ECKD_WRITE		0x85
#define ECKD_READ		0x86
#define ECKD_LEN		4096	/* of each record */
#define FBA_LOCATE		0x43
#define FBA_WRITE		0x41
#define FBA_READ		0x42
#define FBA_LEN			512

/*
 * DEFINE EXTENT and LOCATE RECORD, chained: the first @records of the first
 * track of @cylinder. The parameters are at iova @arg and at @arg + 64.
 */
void ccw_put_eckd(struct ccw_prog *p, u64 arg, bool write, u16 cylinder,
		  u8 records);
/* DEFINE EXTENT and LOCATE, chained: @blocks from block @first on */
void ccw_put_fba(struct ccw_prog *p, u64 arg, bool write, u32 first,
		 u16 blocks);

/* ---- what is special to a kind of device ---- */

/**
 * struct ccw_backend - channel programs that a kind of device understands
 * @name: for the log
 * @cu_type: control unit type in its SENSE ID data
 * @cu_model: control unit model, or -1: any
 * @rw_len: how many bytes @put_write and @put_read move, 0: the device keeps
 *	nothing. What was written last is what is read next
 * @put_write: append CCWs that write @rw_len bytes from @iova
 * @put_read: append CCWs that read @rw_len bytes to @iova
 * @nr_blocks: how many records of @rw_len bytes @put_block knows; 0: none
 * @put_block: as @put_write or @put_read, for one of these records, which are others
 *	than theirs; @data_flags are 0
 * @data_flags: flags of the data CCW of @put_write and @put_read, CCW_IDA
 *	if @iova is that of an IDAL
 * @read_cmd: a read command that takes any count with SLI and moves the
 *	first @read_len bytes at most; 0: none
 * @write_cmd: the same for writing; 0: none
 * @spared: it keeps data, but nothing may be written, and therefore @rw_len is 0, and
 *	what goes with it
 * @restarts: the emulator takes its data from the beginning again at each IDAW,
 *	so that of data across blocks only the last piece comes out right
 * @bad_cmd: a command code that the device rejects with unit check
 * @bad_sense: first sense byte after it
 *
 * @arg is a page of scratch memory for parameters. The last CCW is not
 * chained: that is the caller's choice, by ccw_or_flags().
 */
struct ccw_backend {
	const char *name;
	u16 cu_type;
	int cu_model;
	u32 rw_len;
	void (*put_write)(struct ccw_prog *p, u64 arg, u64 iova, u8 data_flags);
	void (*put_read)(struct ccw_prog *p, u64 arg, u64 iova, u8 data_flags);
	u32 nr_blocks;
	void (*put_block)(struct ccw_prog *p, u64 arg, u64 iova, u32 block, bool write);
	u8 read_cmd;
	u8 write_cmd;
	u32 read_len;
	bool spared;
	bool restarts;
	u8 bad_cmd;
	u8 bad_sense;
};

extern const struct ccw_backend ccw_virtio_net, ccw_virtio_blk, ccw_virtio,
				ccw_tn3270, ccw_tn3274, ccw_eckd, ccw_fba,
				ccw_tape, ccw_tape_3590, ccw_unit_record;

/* SENSE ID, then the back-end that knows the device; uses mem's last page */
int _ccw_probe(struct ccw_dev *dev, struct ccw_mem *mem);

/*
 * Whether what the devices have may be lost: VFIO_CCW_SCRATCH is 1, for which run.sh
 * has -w. Else no back-end writes data that a device keeps.
 */
bool ccw_may_write(void);
/* if rw_len is 0: why nothing can be written and read back */
const char *ccw_no_data(const struct ccw_backend *b);

/* rw_len bytes that the device keeps, different for (nearly) each seed */
void ccw_pattern(const struct ccw_dev *dev, u8 *buf, unsigned int seed);

/* ---- everything a test needs, in one ---- */

#define ENV_IOVA	0x100000UL
#define ENV_SIZE	0x800000UL

struct ccw_env {
	struct ccw_iommu iommu;
	struct ccw_dev dev;
	struct ccw_mem mem;
	struct ccw_prog p;
};

/*
 * The devices to test: VFIO_CCW_UUID lists their mdevs; NULL: no such. The
 * order is the caller's.
 */
const char *ccw_uuid(unsigned int nr);

/*
 * An iommu of that mode, device 0 and ENV_SIZE of memory at ENV_IOVA with a
 * back-end found; NULL, or why the test has to be skipped. Sets *rc to a
 * negative errno if it is not that.
 */
const char *ccw_env_open(struct ccw_env *e, enum ccw_iommu_mode mode, int *rc);
/* the same with another device, which uuid names */
const char *ccw_env_open_uuid(struct ccw_env *e, const char *uuid,
			      enum ccw_iommu_mode mode, int *rc);
void ccw_env_close(struct ccw_env *e);
/*
 * for a child: I/O on the device that uuid names until it fails; ends with 1 if it was
 * not there, 3 if a program that was started got no answer, 4 if the host did not ask for
 * the device then, else 2
 */
void ccw_io_for_ever(const char *uuid, enum ccw_iommu_mode mode) __attribute__((noreturn));
/* the same with one program that is suspended, and is answered when the device is lost */
void ccw_suspended_for_ever(const char *uuid, enum ccw_iommu_mode mode)
	__attribute__((noreturn));
/*
 * for a child: I/O until the host asks for the device, which is closed then: after the
 * program has ended well, after it was started, or with one that is suspended. Ends with
 * 1 if the device was not there, 2 as it shall, else with 3 if there was no answer, 4 if
 * a start was refused, 5 if a program did not end well, 6 if the host did not ask
 */
void ccw_io_until_asked(const char *uuid, enum ccw_iommu_mode mode) __attribute__((noreturn));
void ccw_io_cut_short(const char *uuid, enum ccw_iommu_mode mode) __attribute__((noreturn));
void ccw_suspended_until_asked(const char *uuid, enum ccw_iommu_mode mode)
	__attribute__((noreturn));

/* ---- sysfs and the emulated machine ---- */

/* word 0 of the SCSW that the hardware shows now; 0 if it cannot be had */
u32 ccw_hw_scsw(struct ccw_dev *dev);

/* 0 or a negative errno; value has no newline added or needed */
int _ccw_sysfs_write(const char *value, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int _ccw_sysfs_read(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool ccw_sysfs_exists(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* the subchannel that an mdev is on */
int _ccw_busid(const char *uuid, char busid[16]);
int _ccw_mdev_create(const char *busid, const char *uuid);
/* blocks for as long as somebody has the mdev open */
int _ccw_mdev_remove(const char *uuid);
/* one of the counters, or a negative errno */
long _ccw_statistic(const char *uuid, const char *name);
/* gives a subchannel to a driver, whoever has it */
int _ccw_sch_give(const char *busid, const char *driver);
int _ccw_sch_take(const char *busid);	/* to vfio_ccw */
int _ccw_sch_unbind(const char *busid);
/* from vfio_ccw, to nobody, and its mdev is gone */
int _ccw_sch_leave(const char *busid);

/* takes the module from the kernel, all its users being gone, and gives it back */
int _ccw_module_remove(void);
int _ccw_module_load(void);
/* where it is loaded from; NULL: that cannot be found out */
const char *ccw_module_file(void);
/*
 * An mdev of the driver's that is not among those that were remembered, which would be gone
 * with the module; NULL: there is none.
 */
const char *ccw_forgotten(void);
/* all devices that are tested, and their mdevs, after the module came back */
int _ccw_take_all(void);
/* remembers them, as long as they are there; how many, or a negative errno */
int _ccw_remember_all(void);

bool ccw_is_there(const char *busid);
/* asks the monitor of an emulated machine; -ENODEV: there is none */
int _ccw_monitor(const char *command);
/* whether the machine's owner has named commands for that */
bool ccw_can_unplug(const char *busid);
/* the subchannel of the nth device with such commands; false: there are no more */
bool ccw_unpluggable(unsigned int nr, char busid[16]);
/* the device leaves the machine, sooner or later */
int _ccw_unplug(const char *busid);
/* it comes back, and the host gets to know of it, sooner or later */
int _ccw_plug(const char *busid);
/* the device leaves, and one like it is there at once */
int _ccw_replace(const char *busid);
/* makes whatever is missing of a device, from the plug to the mdev */
int _ccw_come_back(const char *busid, const char *uuid);
/* all that cio has to do is done; blocks if somebody blocks it */
int _ccw_cio_settle(void);

/* a condition within seconds */
#define EVENTUALLY(cond) ({						\
	bool __met = cond;						\
	int __i;							\
									\
	for (__i = 0; __i < 1000 && !__met; __i++) {			\
		usleep(10000);						\
		__met = cond;						\
	}								\
	__met;								\
})

/*
 * Forks; the child ends with the value of expr, an errno or 0. It must not keep
 * the device open.
 */
#define IN_CHILD(expr) ({						\
	pid_t __pid = fork();						\
									\
	if (!__pid) {							\
		close_range(3, ~0U, 0);					\
		_exit(abs(expr));					\
	}								\
	__pid;								\
})

/* ---- a kernel for tests ---- */

/*
 * Sets the kernel up for failures in the calling thread; NULL, or why there can
 * be none.
 */
const char *ccw_fault_setup(void);
/* none in that function of the kernel, nor in what it calls; NULL: in all again */
bool ccw_fault_except(const char *function);
/* the nth allocation or copy from now on fails */
void ccw_fault_arm(unsigned int nth);
/* whether it did; from now on nothing fails */
bool ccw_fault_hit(void);
/* how many of nth are left; from now on nothing fails */
unsigned int ccw_fault_left(void);

/* sets the kernel up for reports; NULL, or why there can be none */
const char *ccw_inject_setup(void);
/* a channel report reaches the host; it is dealt with a little later */
int _ccw_inject(u32 rsc, u32 erc, u32 rsid, bool overflow);

/* how often a storm goes round: VFIO_CCW_ROUNDS, or this many */
unsigned int ccw_rounds(unsigned int usual);

/* ---- asserting forms ---- */

#define ccw_ok(call)	ASSERT_EQ(0, (call))

#define ccw_set_eventfd(dev, index, fd) \
	ccw_ok(_ccw_set_eventfd(dev, index, fd))
#define ccw_wait_irq(dev, index) \
	ccw_ok(_ccw_wait_irq(dev, index, CCW_TIMEOUT_MS))
#define ccw_read_region(dev, index, buf) \
	ccw_ok(_ccw_read_region(dev, index, buf))
#define ccw_start(dev, orb)		ccw_ok(_ccw_start(dev, orb))
#define ccw_status(dev, irb) \
	ccw_ok(_ccw_status(dev, irb, CCW_TIMEOUT_MS))
#define ccw_final_status(dev, irb) \
	ccw_ok(_ccw_final_status(dev, irb, CCW_TIMEOUT_MS))
#define ccw_run(dev, orb, irb)		ccw_ok(_ccw_run(dev, orb, irb))
#define ccw_async(dev, command)		ccw_ok(_ccw_async(dev, command))
#define ccw_reset(dev)			ccw_ok(_ccw_reset(dev))
#define ccw_dma_map(iommu, hva, iova, size, writable) \
	ccw_ok(_ccw_dma_map(iommu, hva, iova, size, writable))
#define ccw_dma_unmap(iommu, iova, size) \
	ASSERT_EQ((ssize_t)(size), _ccw_dma_unmap(iommu, iova, size))
#define ccw_mem_create(mem, iommu, iova, size, flags) \
	ccw_ok(_ccw_mem_create(mem, iommu, iova, size, flags))

#define CCW_LOG(irb)							\
	TH_LOG("scsw %08x %08x %02x %02x %04x", (irb)->scsw.flags,	\
	       (irb)->scsw.cpa, (irb)->scsw.dstat, (irb)->scsw.cstat,	\
	       (irb)->scsw.count)

/* runs p and expects it to end normally */
#define ccw_run_ok(dev, p, irb) do {					\
	struct ccw_orb __orb = ccw_orb(p);				\
									\
	ccw_run(dev, &__orb, irb);					\
	ASSERT_EQ(DSTAT_CE | DSTAT_DE, (irb)->scsw.dstat) CCW_LOG(irb);	\
	ASSERT_EQ(0, (irb)->scsw.cstat & ~(CSTAT_PCI | CSTAT_IL))	\
		CCW_LOG(irb);						\
	ASSERT_EQ((p)->next, (irb)->scsw.cpa) CCW_LOG(irb);		\
} while (0)

/* the host has ended the program, and says so, once */
#define ccw_ended_by_host(dev, irb) do {				\
	ccw_status(dev, irb);						\
	EXPECT_EQ(FCTL_START | STCTL_ALERT | STCTL_PRIM | STCTL_SEC |	\
		  STCTL_PEND, (irb)->scsw.flags & 0x7fff) CCW_LOG(irb);	\
	EXPECT_EQ(CSTAT_IFCC, (irb)->scsw.cstat) CCW_LOG(irb);		\
	EXPECT_EQ(-ETIMEDOUT, _ccw_status(dev, irb, 100)) CCW_LOG(irb);	\
} while (0)

/* runs p and expects a channel check of kind @check with that cpa */
#define ccw_run_check(dev, p, irb, check, at) do {			\
	struct ccw_orb __orb = ccw_orb(p);				\
									\
	ccw_run(dev, &__orb, irb);					\
	EXPECT_EQ(check, (irb)->scsw.cstat & (CSTAT_PROG | CSTAT_PROT))	\
		CCW_LOG(irb);						\
	EXPECT_EQ(at, (irb)->scsw.cpa) CCW_LOG(irb);			\
	EXPECT_EQ(FCTL_START | STCTL_ALERT | STCTL_PRIM | STCTL_SEC |	\
		  STCTL_PEND, (irb)->scsw.flags & 0x7fff) CCW_LOG(irb);	\
} while (0)

/* for @mode of ENV_SETUP(): each test of the fixture runs with each */
#define ENV_VARIANTS(fixture)							\
	FIXTURE_VARIANT(fixture) { enum ccw_iommu_mode iommu; };		\
	FIXTURE_VARIANT_ADD(fixture, type1) { .iommu = IOMMU_TYPE1 };		\
	FIXTURE_VARIANT_ADD(fixture, iommufd) { .iommu = IOMMU_IOMMUFD };	\
	FIXTURE_VARIANT_ADD(fixture, group_iommufd) { .iommu = IOMMU_GROUP_IOMMUFD }

#define ENV_SETUP(e, mode) do {						\
	int __rc = 0;							\
	const char *__why = ccw_env_open(e, mode, &__rc);		\
									\
	if (__why)							\
		SKIP(return, "%s", __why);				\
	ASSERT_EQ(0, __rc);						\
} while (0)

#endif
