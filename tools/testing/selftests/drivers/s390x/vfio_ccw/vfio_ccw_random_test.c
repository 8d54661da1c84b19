// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that the interface allows, and much that it does not, in an order that a
 * seed decides. A few words of model follow along and know which answers there
 * may be:
 *
 * - each call ends, and never with EAGAIN
 * - a function that was accepted is answered by one status, and by one only,
 *   unless a clear, a reset or a close took it back
 * - memory that is not mapped is not pinned
 *
 * VFIO_CCW_SEED and VFIO_CCW_OPERATIONS say which order and how long. The same
 * seed does the same again, as far as the device does.
 *
 * With VFIO_CCW_NO_HALTS nothing is halted or cleared, and no program suspended: for a
 * machine that loses programs by it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define HOURS		(3 * 60 * 60)

#define NO_HALTS	"VFIO_CCW_NO_HALTS"

#define SLOTS		4
#define SLOT_SIZE	(64 * CCW_PAGE)
#define SLOT_FIRST	0x100000UL
#define SLOT_END	(SLOT_FIRST + SLOTS * SLOT_SIZE)
#define SLOT_IOVA(i)	(SLOT_FIRST + (i) * SLOT_SIZE)

#define FCTL		(FCTL_START | FCTL_HALT | FCTL_CLEAR)

/* how long an answer may take */
#define ANSWER_MS	8000
/* for a program that may have been suspended without a word */
#define SUSPENDED_MS	20
/* for one that the driver may have let pause, and let go on since */
#define PAUSED_MS	1500

/* a piece of guest memory; they lie one behind the other */
struct slot {
	u8 *hva;
	int memfd;
	bool read_only;
	bool mapped;
	bool hidden;		/* no access for anyone */
};

struct run {
	struct ccw_env *e;
	struct ccw_dev *dev;
	struct slot slot[SLOTS];
	u64 random;
	bool alone;		/* nobody else uses the device: the model holds */

	/* the model */
	u32 asked;		/* functions accepted and not answered */
	bool suspended;
	u32 suspended_at;	/* 0: it did not say where */
	bool may_suspend;
	u32 orb;		/* word 1 of what was started */
	bool signals;		/* the eventfd saw all that there was */
	bool attached;		/* iommufd: to the address space */

	u8 *edge;		/* a page, and behind it nothing */
	unsigned long operation;
	unsigned long started, refused, resumed, answered;
	char why[256];		/* what went wrong */
};

static void wrong(struct run *r, const char *fmt, ...)
{
	va_list ap;

	if (r->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
}

/* ---- chance ---- */

static u64 any(struct run *r)
{
	r->random ^= r->random << 13;
	r->random ^= r->random >> 7;
	r->random ^= r->random << 17;
	return r->random;
}

static u32 below(struct run *r, u32 n)
{
	return (any(r) >> 16) % n;
}

static bool one_in(struct run *r, u32 n)
{
	return !below(r, n);
}

#define PICK(r, array)	((array)[below(r, ARRAY_SIZE(array))])

/* ---- guest memory ---- */

static int slot_map(struct run *r, int i)
{
	struct slot *s = &r->slot[i];
	int rc = _ccw_dma_map(&r->e->iommu, s->hva, SLOT_IOVA(i), SLOT_SIZE,
			      !s->read_only);

	if (!rc)
		s->mapped = true;
	return rc;
}

static int slot_unmap(struct run *r, int i)
{
	ssize_t n = _ccw_dma_unmap(&r->e->iommu, SLOT_IOVA(i), SLOT_SIZE);

	if (n != SLOT_SIZE)
		return n < 0 ? n : -EIO;
	r->slot[i].mapped = false;
	return 0;
}

static int slots_create(struct run *r)
{
	int i, rc;

	for (i = 0; i < SLOTS; i++) {
		struct slot *s = &r->slot[i];

		*s = (struct slot){ .memfd = -1, .read_only = i == 2 };
		if (i & 1) {
			s->memfd = memfd_create("slot", MFD_CLOEXEC);
			if (s->memfd < 0 || ftruncate(s->memfd, SLOT_SIZE))
				return -errno;
		}
		s->hva = mmap(NULL, SLOT_SIZE, PROT_READ | PROT_WRITE,
			      i & 1 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS,
			      s->memfd, 0);
		if (s->hva == MAP_FAILED)
			return -errno;
		rc = slot_map(r, i);
		if (rc)
			return rc;
	}
	return 0;
}

/* where the guest sees memory, mapped or not; NULL: nowhere */
static u8 *guest(struct run *r, u64 iova, size_t size)
{
	u64 off = iova - SLOT_FIRST;
	struct slot *s;

	if (iova < SLOT_FIRST || iova >= SLOT_END)
		return NULL;
	s = &r->slot[off / SLOT_SIZE];
	off %= SLOT_SIZE;
	if (s->hidden || off + size > SLOT_SIZE)
		return NULL;
	return s->hva + off;
}

static void guest_put(struct run *r, u64 iova, const void *data, size_t size)
{
	u8 *at = guest(r, iova, size);

	if (at)
		memcpy(at, data, size);
}

/* an address: most often a good one */
static u64 somewhere(struct run *r, u32 align)
{
	u64 slot = SLOT_IOVA(below(r, SLOTS));
	u64 page = slot + below(r, SLOT_SIZE / CCW_PAGE) * CCW_PAGE;
	u32 near = below(r, 40);

	switch (below(r, 24)) {
	case 0:
		return SLOT_END - near;
	case 1:
		return slot + SLOT_SIZE - near / align * align;
	case 2:
		return SLOT_FIRST - near;
	case 3:
		return any(r);
	case 4:
		return 0x7ffffff8 + near;
	case 5: case 6: case 7:
		return page + CCW_PAGE - near / align * align;
	case 8: case 9: case 10:
		return page;
	case 11:
		return page + below(r, CCW_PAGE);
	default:
		return page + below(r, CCW_PAGE / align) * align;
	}
}

/* ---- programs ---- */

/*
 * Commands that do no harm to any of the devices whatever the data. Others are
 * never started: an emulated virtio device believes what it is told about
 * queues and indicators, wherever in the host's memory that is.
 */
static const u8 commands[] = {
	0x00, CMD_NOP, CMD_SENSE, CMD_TIC, 0x0c, 0x18, CMD_SENSE_ID, 0xf0, 0xff,
};

static u8 command(struct run *r)
{
	const struct ccw_backend *b = r->dev->backend;

	switch (below(r, 8)) {
	case 0:
		return PICK(r, commands);
	case 1:
		return b->write_cmd ? b->write_cmd : CMD_NOP;
	case 2: case 3:
		return b->read_cmd ? b->read_cmd : CMD_SENSE_ID;
	case 4:
		return CMD_NOP;
	default:
		return CMD_SENSE_ID;
	}
}

static bool harmless(struct run *r, u8 cmd)
{
	const struct ccw_backend *b = r->dev->backend;

	return memchr(commands, cmd, sizeof(commands)) ||
	       (cmd && (cmd == b->read_cmd || cmd == b->write_cmd));
}

static u16 length(struct run *r)
{
	static const u16 usual[] = { 0, 1, 4, 8, 64, 2048, 4095, 4096, 4097,
				     8192, 61440, 65535 };

	return one_in(r, 3) ? PICK(r, usual) : below(r, 64) + 1;
}

static u64 put_idal(struct run *r, u32 orb, u32 count)
{
	u64 at = somewhere(r, orb & ORB_H ? 8 : 4);
	u64 block = orb & ORB_H && !(orb & ORB_T) ? 4096 : 2048;
	u64 data = somewhere(r, 8);
	u64 first = data & (block - 1);
	u32 n = (first + count + block - 1) / block, i;

	for (i = 0; i < n; i++) {
		u32 narrow = data;

		if (orb & ORB_H)
			guest_put(r, at + i * 8, &data, 8);
		else
			guest_put(r, at + i * 4, &narrow, 4);
		data = one_in(r, 30) ? somewhere(r, 1) :
		       one_in(r, 3) ? somewhere(r, 1) & ~(block - 1) :
				      (data & ~(block - 1)) + block;
	}
	return at;
}

/* @count bytes in all, if nothing is wrong with it */
static u64 put_midal(struct run *r, u32 count)
{
	u64 at = somewhere(r, 16), here = at;

	do {
		u16 n = one_in(r, 2) ? count : below(r, 64) + 1;
		u8 midaw[16] = {};
		u64 data = somewhere(r, 1);

		midaw[5] = (n >= count ? MIDAW_LAST : 0) |
			   (one_in(r, 8) ? MIDAW_SKIP : 0) |
			   (one_in(r, 30) ? 1 << below(r, 8) : 0);
		memcpy(&midaw[6], &n, 2);
		memcpy(&midaw[8], &data, 8);
		guest_put(r, here, midaw, sizeof(midaw));
		here += sizeof(midaw);
		count -= n < count ? n : count;
	} while (count && !one_in(r, 20));
	return at;
}

static void put_ccw(struct run *r, u32 orb, u64 at, u8 cmd, u8 flags, u16 count,
		    u32 cda)
{
	u8 ccw[8];

	if (orb & ORB_F) {
		ccw[0] = cmd;
		ccw[1] = flags;
		memcpy(&ccw[2], &count, 2);
		memcpy(&ccw[4], &cda, 4);
	} else {
		memcpy(&ccw[0], &cda, 4);
		ccw[0] = cmd;
		ccw[4] = flags;
		ccw[5] = 0;
		memcpy(&ccw[6], &count, 2);
	}
	guest_put(r, at, ccw, sizeof(ccw));
}

/* a few bits of what was written, but for the command codes */
static void mutate(struct run *r, u64 at, int n)
{
	int i;

	for (i = below(r, 3); i >= 0; i--) {
		u64 byte = at + below(r, n) * 8 + 1 + below(r, 7);
		u8 *p = guest(r, byte, 1);

		if (p)
			*p ^= 1 << below(r, 8);
	}
}

static struct ccw_orb generate(struct run *r)
{
	static const u32 usual[] = { ORB_F | ORB_P | ORB_H, ORB_F | ORB_P,
				     ORB_P, ORB_F | ORB_P | ORB_H | ORB_T, ORB_F };
	struct ccw_orb orb = {
		.intparm = any(r),
		.flags = PICK(r, usual) | ORB_LPM(0xff),
	};
	u64 at = orb.cpa = somewhere(r, 8);
	int n = one_in(r, 8) ? below(r, 200) + 1 : below(r, 6) + 1;
	int i;

	if (one_in(r, 8))
		orb.flags |= ORB_D;
	if (one_in(r, 12) && !getenv(NO_HALTS))
		orb.flags |= ORB_S | (one_in(r, 4) ? ORB_U : 0);
	for (i = 0; i < n; i++) {
		bool last = i == n - 1;
		u8 flags = one_in(r, 12) ? 0 : CCW_SLI;
		u16 count = length(r);
		u64 to;

		if (!last && one_in(r, 12)) {
			u64 next = one_in(r, 8) ? somewhere(r, 8) :
				   (at + 8 + below(r, 512) * 8) & ~7UL;

			put_ccw(r, orb.flags, at, CMD_TIC, 0, 0, next);
			at = next;
			continue;
		}
		if (!last)
			flags |= one_in(r, 6) ? CCW_CD : CCW_CC;
		if (one_in(r, 16))
			flags |= 1 << below(r, 8);
		if (orb.flags & ORB_D && one_in(r, 2)) {
			flags |= CCW_MIDA;
			to = put_midal(r, count);
		} else if (one_in(r, 3)) {
			flags |= CCW_IDA;
			to = put_idal(r, orb.flags, count);
		} else {
			to = somewhere(r, 1);
		}
		put_ccw(r, orb.flags, at, command(r), flags, count, to);
		at += 8;
	}
	if (one_in(r, 4))
		mutate(r, orb.cpa, n);
	if (one_in(r, 12))
		orb.flags ^= 1u << below(r, 32);
	if (one_in(r, 40))
		orb.cpa ^= 1u << below(r, 32);
	return orb;
}

/* a CCW of the guest; false: there is none */
static bool fetch(struct run *r, u32 orb, u64 at, u8 *cmd, u8 *flags, u32 *cda)
{
	const u8 *p = at & 7 ? NULL : guest(r, at, 8);

	if (!p)
		return false;
	*cmd = p[0];
	*flags = p[orb & ORB_F ? 1 : 4];
	memcpy(cda, orb & ORB_F ? p + 4 : p, 4);
	if (!(orb & ORB_F))
		*cda &= 0xffffff;
	return true;
}

/*
 * Follows the program as a channel would, all the way: it must end, for the
 * emulator does nothing else meanwhile, and have harmless commands only.
 */
static bool may_run(struct run *r, u32 orb, u64 at)
{
	u64 seen[512];
	int n, i;

	for (n = 0; n < ARRAY_SIZE(seen); n++) {
		u8 cmd, flags;
		u32 cda;

		if (!fetch(r, orb, at, &cmd, &flags, &cda))
			return true;
		for (i = 0; i < n; i++)
			if (seen[i] == at)
				return false;
		seen[n] = at;
		if (cmd == CMD_TIC ||
		    (!(orb & ORB_F) && (cmd & 15) == CMD_TIC)) {
			at = cda;
			continue;
		}
		if (!harmless(r, cmd))
			return false;
		if (!(flags & (CCW_CC | CCW_CD)))
			return true;
		at += 8;
	}
	return false;
}

/* ---- the answers ---- */

/* what a read of the I/O region took */
static void take(struct run *r, const struct ccw_irb *irb)
{
	u32 flags = irb->scsw.flags, fctl = flags & FCTL;

	if (!r->alone || !(flags & STCTL_PEND))
		return;
	r->answered++;
	if (!fctl)
		return;			/* unsolicited */
	if (fctl & ~r->asked) {
		wrong(r, "a status for functions %04x, asked for were %04x: %08x",
		      fctl, r->asked, flags);
		return;
	}
	if ((flags & STCTL_MASK) == (STCTL_INTER | STCTL_PEND) &&
	    !(fctl & (FCTL_HALT | FCTL_CLEAR))) {
		if (flags & ACTL_SUSP) {
			r->suspended = true;
			r->suspended_at = irb->scsw.cpa - 8;
		}
		return;
	}
	if (fctl & (FCTL_HALT | FCTL_CLEAR))
		r->asked = 0;
	else if (flags & SCSW_CC || !(flags & (ACTL_SCH | ACTL_DEV)))
		r->asked &= ~FCTL_START;
	if (!(r->asked & FCTL_START))
		r->suspended = false;
}

static int take_status(struct run *r)
{
	struct ccw_io io;
	struct ccw_irb irb;
	int rc = _ccw_read_region(r->dev, REGION_IO, &io);

	irb = io.irb;
	if (rc)
		wrong(r, "the status cannot be read: %d", rc);
	else
		take(r, &irb);
	return rc;
}

/*
 * A program without prefetch that changes itself is suspended by the driver, which
 * lets it go on when it is told so. QEMU's virtio devices do not tell.
 */
static bool pauses(struct run *r)
{
	return r->asked == FCTL_START && !(r->orb & ORB_P) &&
	       ccw_hw_scsw(r->dev) & ACTL_SUSP;
}

static void wait_status(struct run *r)
{
	int most = r->suspended || r->may_suspend ? SUSPENDED_MS : ANSWER_MS;
	int waited = 0;

	while (r->asked && waited < most && !r->why[0]) {
		int step = !r->signals ? 1 : most < PAUSED_MS ? most : PAUSED_MS;
		int rc = _ccw_wait_irq(r->dev, IRQ_IO, step);

		if (rc && rc != -ETIMEDOUT) {
			wrong(r, "the eventfd: %d", rc);
			return;
		}
		if (rc)
			waited += step;
		take_status(r);
		if (rc && r->signals && !r->asked)
			wrong(r, "a status came without a signal");
		if (waited >= PAUSED_MS && pauses(r)) {
			r->may_suspend = true;
			break;
		}
	}
	if (r->asked == FCTL_START && r->may_suspend)
		r->suspended = true;
	else if (r->asked)
		wrong(r, "no answer to functions %04x, ORB %08x, subchannel %08x",
		      r->asked, r->orb, ccw_hw_scsw(r->dev));
}

/* nothing is left of what was asked for */
static void forget(struct run *r)
{
	r->asked = 0;
	r->suspended = r->may_suspend = false;
	r->signals = true;
}

static void new_request(struct run *r)
{
	u64 count;

	/* left from a status that was taken without looking at the eventfd */
	if (!r->asked && r->alone) {
		if (read(r->dev->irq[IRQ_IO], &count, sizeof(count)) < 0 &&
		    errno != EAGAIN)
			wrong(r, "the eventfd: %m");
		r->signals = true;
	}
}

/* ---- operations ---- */

static void op_start(struct run *r)
{
	size_t least = offsetof(struct ccw_io, irb);
	struct ccw_orb orb = generate(r);
	struct ccw_io io = { .orb = orb };
	size_t size = one_in(r, 4) ? least + below(r, sizeof(io) - least + 1) :
				     sizeof(io);
	bool odd = orb.flags & (ORB_B | ORB_D | ORB_X | 0x3e) ||
		   orb.cpa >> 31;
	u32 fctl = FCTL_START;
	ssize_t n;

	if (!may_run(r, orb.flags, orb.cpa))
		return;
	if (one_in(r, 20))
		fctl = any(r) & 0x7fff & ~ACTL_RESUME;
	io.scsw.flags = fctl;
	new_request(r);
	n = pwrite(r->dev->fd, &io, size, REGION_OFFSET(REGION_IO));
	if (n >= 0 && n != size) {
		wrong(r, "a start of %zu bytes wrote %zd", size, n);
		return;
	}
	if (n >= 0) {
		r->started++;
		if (!r->alone)
			return;
		if (r->asked || (fctl & FCTL) != FCTL_START)
			wrong(r, "start accepted with functions %04x under way, asked for was %04x",
			      r->asked, fctl & FCTL);
		r->asked = FCTL_START;
		r->suspended = false;
		r->suspended_at = 0;
		r->orb = orb.flags;
		r->may_suspend = orb.flags & ORB_S;
		if (below(r, 8))
			wait_status(r);
		return;
	}
	r->refused++;
	switch (errno) {
	case EBUSY:
		if (r->alone && !r->asked)
			wrong(r, "busy with nothing under way");
		break;
	case EINVAL:
	case EOPNOTSUPP:
		if (!odd && (fctl & FCTL) == FCTL_START)
			wrong(r, "errno %d for ORB %08x", errno,
			      orb.flags);
		break;
	case ENODEV:
	case EACCES:
		/* the device has one path, the first */
		if (orb.flags & ORB_LPM(0x80))
			wrong(r, "errno %d with paths %08x", errno,
			      orb.flags);
		break;
	default:
		wrong(r, "start: errno %d", errno);
	}
}

/*
 * By the I/O region or by a command. A driver that knows neither refuses it. What
 * is resumed is what is in memory now.
 */
static void op_resume(struct run *r)
{
	struct ccw_io io = { .scsw.flags = FCTL_START | ACTL_RESUME | ACTL_SUSP };
	int rc;

	if (r->asked & FCTL_START &&
	    (!r->suspended_at || !may_run(r, r->orb, r->suspended_at) ||
	     !may_run(r, r->orb, r->suspended_at + 8)))
		return;
	new_request(r);
	rc = one_in(r, 2) ? _ccw_async(r->dev, ASYNC_RESUME) :
			    _ccw_write_region(r->dev, REGION_IO, &io);
	if (!rc) {
		if (!r->suspended)
			wrong(r, "resumed what is not suspended");
		r->suspended = false;
		r->resumed++;
		wait_status(r);
	} else if (rc == -EAGAIN || rc == -EFAULT) {
		wrong(r, "resume: %d", rc);
	}
}

static void op_wait(struct run *r)
{
	wait_status(r);
}

static void op_take(struct run *r)
{
	take_status(r);
}

static void op_read(struct run *r)
{
	static const size_t size[NR_REGIONS] = { 124, 8, 52, 8 };
	u32 index = below(r, NR_REGIONS);
	u64 off = below(r, 140), count = below(r, 140);
	bool inside;
	u8 buf[140];
	ssize_t n;

	if (one_in(r, 3))
		off = 0;
	if (one_in(r, 8)) {
		index = any(r);
		off = any(r) & 0x3ff;
	}
	inside = index < NR_REGIONS && off + count <= size[index];
	n = pread(r->dev->fd, buf, count, ((u64)index << 10) + off);
	if (inside ? n != count : n != -1 || errno != EINVAL)
		wrong(r, "read of %lu at %lx: %zd, errno %d", count,
		      ((u64)index << 10) + off, n, errno);
	if (inside && index == REGION_IO &&
	    off <= offsetof(struct ccw_io, irb) &&
	    off + count >= offsetofend(struct ccw_io, irb)) {
		struct ccw_irb irb;

		memcpy(&irb, buf + offsetof(struct ccw_io, irb) - off,
		       sizeof(irb));
		take(r, &irb);
	}
}

/* writes that start nothing, being too short or not at the beginning */
static void op_write(struct run *r)
{
	u32 index = below(r, NR_REGIONS + 1);
	u64 off = below(r, 140), count = below(r, 140);
	u8 buf[140];
	ssize_t n;

	if (index == REGION_IO && !off)
		count %= offsetof(struct ccw_io, irb);
	if (index == REGION_CMD && !off)
		count %= offsetofend(struct ccw_cmd, command);
	if (!count)
		return;
	memset(buf, any(r), sizeof(buf));
	n = pwrite(r->dev->fd, buf, count, REGION_OFFSET(index) + off);
	if (n != -1 || errno != EINVAL)
		wrong(r, "write of %lu at %u+%lx: %zd, errno %d", count, index,
		      off, n, errno);
}

/* addresses that are none, and buffers that end in nowhere */
static void op_bad_address(struct run *r)
{
	u32 index = below(r, NR_REGIONS);
	u8 *buf = r->edge + CCW_PAGE - below(r, 8);
	ssize_t n;

	if (one_in(r, 2))
		buf = (void *)(uintptr_t)(any(r) | 1UL << 63);
	if (one_in(r, 2)) {
		n = pread(r->dev->fd, buf, index ? 8 : sizeof(struct ccw_io),
			  REGION_OFFSET(index));
	} else {
		index %= 2;
		n = pwrite(r->dev->fd, buf, index ? 8 : sizeof(struct ccw_io),
			   REGION_OFFSET(index));
	}
	if (n != -1 || errno != EFAULT)
		wrong(r, "region %u at a bad address: %zd, errno %d", index, n,
		      errno);
}

static void op_command(struct run *r)
{
	u32 what = one_in(r, 8) ? any(r) : ASYNC_HALT + below(r, 2);
	int rc;

	if ((what == ASYNC_HALT || what == ASYNC_CLEAR) && getenv(NO_HALTS))
		return;
	new_request(r);
	rc = _ccw_async(r->dev, what);
	if (what == ASYNC_RESUME)
		return;
	if (what != ASYNC_HALT && what != ASYNC_CLEAR) {
		if (rc != -EINVAL)
			wrong(r, "command %x: %d", what, rc);
		return;
	}
	if (!r->alone) {
		if (rc && rc != -EBUSY)
			wrong(r, "command %u: %d", what, rc);
		return;
	}
	if (!rc && what == ASYNC_CLEAR)
		r->asked = FCTL_CLEAR;
	else if (!rc)
		r->asked |= FCTL_HALT;
	else if (rc != -EBUSY || what == ASYNC_CLEAR || !r->asked)
		wrong(r, "command %u: %d with functions %04x under way", what,
		      rc, r->asked);
	if (!rc)
		r->suspended = r->may_suspend = false;
	if (!rc && one_in(r, 2))
		wait_status(r);
}

static void op_set_irqs(struct run *r)
{
	u32 index = below(r, NR_IRQS);
	s32 fd = -1;
	u8 yes = below(r, 2);
	u32 flags, data;
	int rc;

	switch (below(r, 6)) {
	case 0:				/* anything */
		flags = any(r) & 0x3f;
		data = any(r) | 0x80000000;	/* no file has this number */
		_ccw_set_irqs(r->dev, flags, any(r) & 7, any(r) & 3,
			      any(r) & 3, &data, below(r, 5));
		break;
	case 1:				/* a new eventfd */
		fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		rc = _ccw_set_eventfd(r->dev, index, fd);
		if (rc)
			wrong(r, "a new eventfd: %d", rc);
		close(fd);
		break;
	case 2:
		rc = _ccw_set_eventfd(r->dev, index, -1);
		if (rc)
			wrong(r, "no eventfd: %d", rc);
		break;
	case 3:
		rc = _ccw_set_irqs(r->dev, VFIO_IRQ_SET_DATA_NONE |
				   VFIO_IRQ_SET_ACTION_TRIGGER, index, 0,
				   below(r, 2), NULL, 0);
		if (rc)
			wrong(r, "loopback: %d", rc);
		break;
	case 4:
		rc = _ccw_set_irqs(r->dev, VFIO_IRQ_SET_DATA_BOOL |
				   VFIO_IRQ_SET_ACTION_TRIGGER, index, 0, 1,
				   &yes, 1);
		if (rc)
			wrong(r, "loopback: %d", rc);
		break;
	case 5:				/* a file that is no eventfd */
		rc = _ccw_set_eventfd(r->dev, index, r->dev->fd);
		if (rc != -EINVAL)
			wrong(r, "no eventfd but a file: %d", rc);
		break;
	}
	for (index = 0; index < NR_IRQS; index++)
		if (_ccw_set_eventfd(r->dev, index, r->dev->irq[index]))
			wrong(r, "the old eventfd: %m");
	if (r->asked)
		r->signals = false;
}

static void op_reset(struct run *r)
{
	struct pollfd pfd = { .fd = r->dev->irq[IRQ_IO], .events = POLLIN };
	int rc = _ccw_reset(r->dev);

	if (rc)
		wrong(r, "reset: %d", rc);
	if (!r->alone)
		return;
	forget(r);
	if (poll(&pfd, 1, 0))
		wrong(r, "a signal after the reset");
	take_status(r);
}

static void check_pins(struct run *r)
{
	long n;
	int i;

	for (i = 0; i < SLOTS; i++)
		if (r->slot[i].mapped && r->attached)
			return;
	/* somebody else's page may be about to be counted as given back */
	for (i = 0; (n = _ccw_statistic(r->dev->uuid, "pages_pinned")) && i < 100; i++)
		usleep(1000);
	if (n)
		wrong(r, "%ld pages are pinned, and none is mapped", n);
}

static void op_map(struct run *r)
{
	bool all = one_in(r, 8);
	int i, rc = 0;

	for (i = 0; i < SLOTS && !rc; i++) {
		if (all ? !r->slot[i].mapped : !one_in(r, 2))
			continue;
		rc = r->slot[i].mapped ? slot_unmap(r, i) : slot_map(r, i);
	}
	if (rc)
		wrong(r, "slot %d: %d", i - 1, rc);
	check_pins(r);
	if (!all)
		return;
	for (i = 0; i < SLOTS && !rc; i++)
		rc = r->slot[i].mapped ? 0 : slot_map(r, i);
	if (rc)
		wrong(r, "slot %d: %d", i - 1, rc);
}

/* the memory stays mapped for the device, but is another now, or none */
static void op_memory(struct run *r)
{
	struct slot *s = &r->slot[below(r, SLOTS)];
	u32 first = below(r, SLOT_SIZE / CCW_PAGE);
	u32 n = one_in(r, 2) ? 1 : below(r, SLOT_SIZE / CCW_PAGE - first) + 1;
	u8 *at = s->hva + first * CCW_PAGE;
	size_t size = n * CCW_PAGE;
	pid_t pid;

	switch (below(r, r->alone ? 10 : 7)) {
	case 0:
		madvise(at, size, MADV_DONTNEED);
		break;
	case 1:
		if (s->memfd >= 0)
			fallocate(s->memfd, FALLOC_FL_PUNCH_HOLE |
				  FALLOC_FL_KEEP_SIZE, first * CCW_PAGE, size);
		break;
	case 2:
		if (s->memfd < 0 && !s->hidden &&
		    mmap(at, size, PROT_READ | PROT_WRITE, MAP_FIXED |
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != at)
			wrong(r, "mmap: %m");
		break;
	case 3:
		madvise(at, size, one_in(r, 2) ? MADV_HUGEPAGE :
						 MADV_NOHUGEPAGE);
		break;
	case 4:
		madvise(at, size, MADV_PAGEOUT);
		break;
	case 5:
		madvise(at, size, one_in(r, 2) ? MADV_MERGEABLE :
						 MADV_UNMERGEABLE);
		break;
	case 6:
		madvise(at, size, MADV_COLD);
		break;
	case 7:
	case 8:
		s->hidden = !s->hidden && one_in(r, 3);
		if (mprotect(s->hva, SLOT_SIZE, s->hidden ? PROT_NONE :
			     PROT_READ | PROT_WRITE))
			wrong(r, "mprotect: %m");
		break;
	case 9:
		if (!one_in(r, 8))
			break;
		/* what is written next is a copy */
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			wrong(r, "fork: %m");
		break;
	}
}

/* a user leaves, in whatever state things are, and the next one comes */
static void op_reopen(struct run *r)
{
	char uuid[sizeof(r->dev->uuid)];
	const struct ccw_backend *b = r->dev->backend;
	enum ccw_iommu_mode mode = r->e->iommu.mode;
	int i, rc;

	if (!one_in(r, 8))
		return;
	memcpy(uuid, r->dev->uuid, sizeof(uuid));
	ccw_dev_close(r->dev);
	r->attached = false;
	check_pins(r);
	ccw_iommu_close(&r->e->iommu);
	rc = _ccw_iommu_open(&r->e->iommu, mode);
	if (!rc)
		rc = _ccw_dev_open(r->dev, &r->e->iommu, uuid);
	if (rc) {
		wrong(r, "open: %d", rc);
		return;
	}
	r->dev->backend = b;
	r->attached = true;
	forget(r);
	for (i = 0; i < SLOTS; i++)
		if (r->slot[i].mapped && slot_map(r, i))
			wrong(r, "slot %d: %m", i);
}

static void op_ioctl(struct run *r)
{
	static const unsigned long calls[] = {
		VFIO_DEVICE_GET_INFO, VFIO_DEVICE_GET_IRQ_INFO,
		VFIO_DEVICE_GET_REGION_INFO, VFIO_DEVICE_SET_IRQS,
		VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, VFIO_DEVICE_QUERY_GFX_PLANE,
		VFIO_DEVICE_IOEVENTFD, VFIO_DEVICE_FEATURE,
	};
	u32 words[64] = { below(r, sizeof(words)), any(r), any(r) };
	unsigned long call = PICK(r, calls);
	void *arg = words;
	int rc;

	if (one_in(r, 2))
		words[2] = below(r, 5);
	if (call == VFIO_DEVICE_SET_IRQS)
		words[1] |= 0x8000;	/* never a valid one */
	if (one_in(r, 16))
		arg = r->edge + CCW_PAGE - below(r, 8);
	rc = ioctl(r->dev->fd, call, arg);
	if (rc < 0 && errno == EAGAIN)
		wrong(r, "ioctl %lx: EAGAIN", call);
	if (rc >= 0 && (call == VFIO_DEVICE_SET_IRQS ||
			call == VFIO_DEVICE_GET_PCI_HOT_RESET_INFO ||
			call == VFIO_DEVICE_QUERY_GFX_PLANE ||
			call == VFIO_DEVICE_IOEVENTFD))
		wrong(r, "ioctl %lx: %d", call, rc);
	if (mmap(NULL, CCW_PAGE, PROT_READ, MAP_SHARED, r->dev->fd,
		 any(r) & 0xffff000) != MAP_FAILED)
		wrong(r, "the device can be mapped");
}

/* stopped and let go, whatever goes on; a program that is suspended stays */
static void op_migrate(struct run *r)
{
	int rc = _ccw_mig_set(r->dev, VFIO_DEVICE_STATE_STOP_COPY, NULL);

	if (rc && rc != -EBUSY)
		wrong(r, "stop: %d", rc);
	rc = _ccw_mig_set(r->dev, VFIO_DEVICE_STATE_RUNNING, NULL);
	if (rc)
		wrong(r, "run: %d", rc);
}

static void op_reports(struct run *r)
{
	struct ccw_crw crw;
	int i;

	for (i = 0; i < 100; i++) {
		if (_ccw_read_region(r->dev, REGION_CRW, &crw))
			wrong(r, "reports cannot be read: %m");
		if (!crw.crw)
			return;
	}
	wrong(r, "reports without end");
}

/* iommufd: the address space goes, and with it all mappings of the device */
static void op_attach(struct run *r)
{
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach), .pt_id = r->e->iommu.ioas,
	};

	if (r->e->iommu.mode != IOMMU_IOMMUFD)
		return;
	if (ioctl(r->dev->fd, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach))
		wrong(r, "detach: %m");
	r->attached = false;
	check_pins(r);
	if (ioctl(r->dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		wrong(r, "attach: %m");
	r->attached = true;
}

struct operation {
	u32 weight;
	void (*run)(struct run *r);
};

static const struct operation everything[] = {
	{ 40, op_start }, { 4, op_resume }, { 12, op_wait }, { 8, op_take }, { 8, op_read },
	{ 4, op_write }, { 3, op_bad_address }, { 8, op_command },
	{ 3, op_set_irqs }, { 2, op_reset }, { 5, op_map }, { 8, op_memory },
	{ 1, op_reopen }, { 3, op_ioctl }, { 1, op_reports }, { 1, op_attach },
};

/* for the others, when one of them starts programs */
static const struct operation requests[] = {
	{ 10, op_command }, { 10, op_read }, { 4, op_write }, { 4, op_set_irqs },
	{ 1, op_reset }, { 4, op_ioctl }, { 2, op_reports },
	{ 4, op_bad_address }, { 1, op_migrate },
};

static const struct operation starts[] = { { 10, op_start }, { 8, op_take } };
static const struct operation memory[] = { { 4, op_map }, { 10, op_memory } };

static void operate(struct run *r, const struct operation *op, int n)
{
	u32 sum = 0, at;
	int i;

	for (i = 0; i < n; i++)
		sum += op[i].weight;
	at = below(r, sum);
	for (i = 0; at >= op[i].weight; i++)
		at -= op[i].weight;
	op[i].run(r);
	r->operation++;
}

/* ---- the tests ---- */

static unsigned long number(const char *name, unsigned long usual)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : usual;
}

FIXTURE(random)
{
	struct ccw_env e;
	struct run run;
	u64 seed;
	unsigned long operations;
};

ENV_VARIANTS(random);

FIXTURE_SETUP(random)
{
	struct run *r = &self->run;

	ENV_SETUP(&self->e, variant->iommu);
	ccw_mem_destroy(&self->e.mem);
	self->seed = number("VFIO_CCW_SEED", 1);
	self->operations = number("VFIO_CCW_OPERATIONS", 3000);

	r->e = &self->e;
	r->dev = &self->e.dev;
	r->random = self->seed * 0x9e3779b97f4a7c15UL | 1;
	r->attached = true;
	forget(r);
	r->edge = mmap(NULL, 2 * CCW_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, r->edge);
	ASSERT_EQ(0, mprotect(r->edge + CCW_PAGE, CCW_PAGE, PROT_NONE));
	ASSERT_EQ(0, slots_create(r));
}

FIXTURE_TEARDOWN(random)
{
	struct run *r = &self->run;
	struct ccw_irb irb;
	struct ccw_prog p;
	int i;

	/* it works as if nothing had been, and nothing of it is left */
	ccw_reset(r->dev);
	for (i = 0; i < SLOTS; i++)
		if (r->slot[i].mapped) {
			ASSERT_EQ(0, slot_unmap(r, i));
		}
	check_pins(r);
	EXPECT_STREQ("", r->why);
	ccw_mem_create(&self->e.mem, &self->e.iommu, ENV_IOVA, ENV_SIZE, 0);
	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, ENV_IOVA + CCW_PAGE);
	ccw_run_ok(r->dev, &p, &irb);
	ccw_env_close(&self->e);
}

static void tell(struct __test_metadata *_metadata, struct run *r, u64 seed,
		 const struct timespec *begin)
{
	struct timespec end;
	double s;

	clock_gettime(CLOCK_MONOTONIC, &end);
	s = end.tv_sec - begin->tv_sec + (end.tv_nsec - begin->tv_nsec) / 1e9;
	TH_LOG("seed %lu: %lu operations, %.0f a second", seed, r->operation,
	       r->operation / s);
	TH_LOG("%lu starts, %lu refused, %lu resumed, %lu answers", r->started,
	       r->refused, r->resumed, r->answered);
}

TEST_F_TIMEOUT(random, one_user, HOURS)
{
	struct run *r = &self->run;
	struct timespec begin;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	r->alone = true;
	while (r->operation < self->operations && !r->why[0])
		operate(r, everything, ARRAY_SIZE(everything));
	tell(_metadata, r, self->seed, &begin);
	EXPECT_STREQ("", r->why)
		TH_LOG("seed %lu, operation %lu", self->seed, r->operation);
	EXPECT_LT(0, r->started);
	EXPECT_LT(0, r->answered);
}

struct crowd {
	struct run run;
	const struct operation *op;
	int n;
	volatile bool *stop;
	pthread_t thread;
};

static void *crowd(void *arg)
{
	struct crowd *c = arg;

	while (!*c->stop && !c->run.why[0])
		operate(&c->run, c->op, c->n);
	return NULL;
}

/*
 * One starts programs, one does what else can be asked for, one changes
 * the memory. Nobody knows then which answers there must be, only which not.
 */
TEST_F_TIMEOUT(random, three_at_once, HOURS)
{
	struct run *r = &self->run;
	struct crowd other[2] = {
		{ .op = requests, .n = ARRAY_SIZE(requests) },
		{ .op = memory, .n = ARRAY_SIZE(memory) },
	};
	struct timespec begin;
	volatile bool stop = false;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		other[i].run = *r;
		other[i].run.random = any(r) | 1;
		other[i].stop = &stop;
		ASSERT_EQ(0, pthread_create(&other[i].thread, NULL, crowd,
					    &other[i]));
	}
	while (r->operation < self->operations / 4 && !r->why[0])
		operate(r, starts, ARRAY_SIZE(starts));
	stop = true;
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		pthread_join(other[i].thread, NULL);
		EXPECT_STREQ("", other[i].run.why)
			TH_LOG("seed %lu", self->seed);
		EXPECT_LT(0, other[i].run.operation);
		r->operation += other[i].run.operation;
	}
	tell(_metadata, r, self->seed, &begin);
	EXPECT_STREQ("", r->why) TH_LOG("seed %lu", self->seed);
	EXPECT_LT(0, r->started);
	memcpy(r->slot, other[1].run.slot, sizeof(r->slot));
}

TEST_HARNESS_MAIN
