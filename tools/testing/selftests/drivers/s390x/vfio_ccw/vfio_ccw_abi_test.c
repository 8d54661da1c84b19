// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interface as such: sizes, flags, bounds, protocols. No channel program
 * is run here but the SENSE ID that finds the back-end.
 */
#define _GNU_SOURCE
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"
#include "libccw.h"

/* The header says what libccw writes down on its own. */
#define same(s, t)		_Static_assert(sizeof(s) == sizeof(t), #s)
#define at(s, member, offset)	\
	_Static_assert(offsetof(s, member) == (offset), #s "." #member)

same(struct ccw_io_region, struct ccw_io);
at(struct ccw_io_region, orb_area, 0);
at(struct ccw_io_region, scsw_area, 12);
at(struct ccw_io_region, irb_area, 24);
at(struct ccw_io_region, ret_code, 120);
same(struct ccw_cmd_region, struct ccw_cmd);
at(struct ccw_cmd_region, command, 0);
at(struct ccw_cmd_region, ret_code, 4);
same(struct ccw_schib_region, struct ccw_schib);
same(struct ccw_crw_region, struct ccw_crw);
at(struct ccw_crw_region, crw, 0);
_Static_assert(VFIO_CCW_ASYNC_CMD_HSCH == (1 << 0), "hsch");
_Static_assert(VFIO_CCW_ASYNC_CMD_CSCH == (1 << 1), "csch");
_Static_assert(VFIO_CCW_ASYNC_CMD_RSCH == (1 << 2), "rsch");
_Static_assert(ASYNC_HALT == VFIO_CCW_ASYNC_CMD_HSCH, "hsch");
_Static_assert(ASYNC_CLEAR == VFIO_CCW_ASYNC_CMD_CSCH, "csch");
_Static_assert(ASYNC_RESUME == VFIO_CCW_ASYNC_CMD_RSCH, "rsch");

static const struct {
	u32 size;
	u32 flags;
	u32 subtype;
} regions[NR_REGIONS] = {
	[REGION_IO]    = { 124, VFIO_REGION_INFO_FLAG_READ |
				VFIO_REGION_INFO_FLAG_WRITE, 0 },
	[REGION_CMD]   = { 8,   VFIO_REGION_INFO_FLAG_READ |
				VFIO_REGION_INFO_FLAG_WRITE |
				VFIO_REGION_INFO_FLAG_CAPS, 1 },
	[REGION_SCHIB] = { 52,  VFIO_REGION_INFO_FLAG_READ |
				VFIO_REGION_INFO_FLAG_CAPS, 2 },
	[REGION_CRW]   = { 8,   VFIO_REGION_INFO_FLAG_READ |
				VFIO_REGION_INFO_FLAG_CAPS, 3 },
};

FIXTURE(abi)
{
	struct ccw_env e;
	int fd;
};

ENV_VARIANTS(abi);

FIXTURE_SETUP(abi)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->fd = self->e.dev.fd;
}

FIXTURE_TEARDOWN(abi)
{
	ccw_env_close(&self->e);
}

static int error(long rc)
{
	return rc < 0 ? -errno : 0;
}

TEST_F(abi, device_info)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET, info.flags);
	EXPECT_EQ(NR_REGIONS, info.num_regions);
	EXPECT_EQ(NR_IRQS, info.num_irqs);
}

TEST_F(abi, device_info_of_an_older_caller)
{
	struct vfio_device_info info = {
		.argsz = offsetofend(struct vfio_device_info, num_irqs),
		.cap_offset = 0xdead,
	};

	EXPECT_EQ(0, error(ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info)));
	EXPECT_EQ(NR_IRQS, info.num_irqs);
	EXPECT_EQ(0xdead, info.cap_offset);

	info.argsz--;
	EXPECT_EQ(-EINVAL, error(ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info)));
	info.argsz = 0;
	EXPECT_EQ(-EINVAL, error(ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info)));
}

TEST_F(abi, device_info_at_a_bad_address)
{
	EXPECT_EQ(-EFAULT, error(ioctl(self->fd, VFIO_DEVICE_GET_INFO, 8)));
	EXPECT_EQ(-EFAULT,
		  error(ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, 8)));
	EXPECT_EQ(-EFAULT, error(ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, 8)));
	EXPECT_EQ(-EFAULT, error(ioctl(self->fd, VFIO_DEVICE_SET_IRQS, 8)));
}

TEST_F(abi, region_info)
{
	struct {
		struct vfio_region_info info;
		struct vfio_region_info_cap_type type;
		u8 beyond[16];
	} arg;
	int i;

	for (i = 0; i < NR_REGIONS; i++) {
		memset(&arg, 0, sizeof(arg));
		arg.info.argsz = sizeof(arg);
		arg.info.index = i;
		ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO,
				   &arg));
		EXPECT_EQ(regions[i].size, arg.info.size);
		EXPECT_EQ(regions[i].flags, arg.info.flags);
		EXPECT_EQ(REGION_OFFSET(i), arg.info.offset);
		if (!regions[i].subtype) {
			EXPECT_EQ(0, arg.info.cap_offset);
			continue;
		}
		ASSERT_EQ(sizeof(arg.info), arg.info.cap_offset);
		EXPECT_EQ(VFIO_REGION_INFO_CAP_TYPE, arg.type.header.id);
		EXPECT_EQ(1, arg.type.header.version);
		EXPECT_EQ(0, arg.type.header.next);
		EXPECT_EQ(VFIO_REGION_TYPE_CCW, arg.type.type);
		EXPECT_EQ(regions[i].subtype, arg.type.subtype);
	}
}

TEST_F(abi, region_info_first_pass_asks_for_room)
{
	struct vfio_region_info info;
	int i;

	for (i = REGION_CMD; i < NR_REGIONS; i++) {
		info = (struct vfio_region_info){
			.argsz = sizeof(info), .index = i,
		};
		ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO,
				   &info));
		EXPECT_EQ(sizeof(info) +
			  sizeof(struct vfio_region_info_cap_type),
			  info.argsz);
		EXPECT_EQ(0, info.cap_offset);
		EXPECT_EQ(regions[i].size, info.size);
		EXPECT_TRUE(info.flags & VFIO_REGION_INFO_FLAG_CAPS);
	}
}

TEST_F(abi, region_info_bad_arguments)
{
	static const u32 bad[] = { 4, 5, 1u << 22, 1u << 31, ~0u };
	struct vfio_region_info info;
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		info = (struct vfio_region_info){
			.argsz = sizeof(info), .index = bad[i],
		};
		EXPECT_EQ(-EINVAL, error(ioctl(self->fd,
					       VFIO_DEVICE_GET_REGION_INFO,
					       &info)));
	}
	for (i = 0; i < offsetofend(struct vfio_region_info, offset); i += 4) {
		info = (struct vfio_region_info){ .argsz = i };
		EXPECT_EQ(-EINVAL, error(ioctl(self->fd,
					       VFIO_DEVICE_GET_REGION_INFO,
					       &info)));
	}
}

TEST_F(abi, irq_info)
{
	struct vfio_irq_info info;
	u32 i;

	for (i = 0; i < NR_IRQS; i++) {
		info = (struct vfio_irq_info){
			.argsz = sizeof(info), .index = i,
		};
		ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &info));
		EXPECT_EQ(1, info.count);
		EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD, info.flags);
	}
	for (i = NR_IRQS; i; i <<= 1) {
		info = (struct vfio_irq_info){
			.argsz = sizeof(info), .index = i,
		};
		EXPECT_EQ(-EINVAL, error(ioctl(self->fd,
					       VFIO_DEVICE_GET_IRQ_INFO,
					       &info)));
	}
	info = (struct vfio_irq_info){ .argsz = sizeof(info) - 1 };
	EXPECT_EQ(-EINVAL,
		  error(ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &info)));
}

TEST_F(abi, unknown_ioctls)
{
	EXPECT_EQ(-ENOTTY, error(ioctl(self->fd,
				       _IO(VFIO_TYPE, VFIO_BASE + 99), 0)));
	EXPECT_EQ(-ENOTTY, error(ioctl(self->fd,
				       VFIO_DEVICE_GET_PCI_HOT_RESET_INFO,
				       0)));
}

TEST_F(abi, no_mmap)
{
	EXPECT_EQ(MAP_FAILED, mmap(NULL, CCW_PAGE, PROT_READ, MAP_SHARED,
				   self->fd, 0));
}

/* ---- SET_IRQS ---- */

#define TRIGGER	VFIO_IRQ_SET_ACTION_TRIGGER
#define EVENTFD	VFIO_IRQ_SET_DATA_EVENTFD
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define NONE	VFIO_IRQ_SET_DATA_NONE

TEST_F(abi, set_irqs_bad_arguments)
{
	struct ccw_dev *dev = &self->e.dev;
	static const struct {
		const char *why;
		u32 flags, index, start, count;
		s32 fd;
		u32 size;
	} rows[] = {
		{ "no action", EVENTFD, 0, 0, 1, -1, 4 },
		{ "no data type", TRIGGER, 0, 0, 1, -1, 4 },
		{ "two actions", TRIGGER | VFIO_IRQ_SET_ACTION_MASK | EVENTFD,
		  0, 0, 1, -1, 4 },
		{ "two data types", TRIGGER | EVENTFD | BOOL, 0, 0, 1, -1, 4 },
		{ "mask", VFIO_IRQ_SET_ACTION_MASK | EVENTFD, 0, 0, 1, -1, 4 },
		{ "unmask", VFIO_IRQ_SET_ACTION_UNMASK | EVENTFD,
		  0, 0, 1, -1, 4 },
		{ "unknown flag", TRIGGER | EVENTFD | 0x40, 0, 0, 1, -1, 4 },
		{ "index", TRIGGER | EVENTFD, NR_IRQS, 0, 1, -1, 4 },
		{ "huge index", TRIGGER | EVENTFD, ~0u, 0, 1, -1, 4 },
		{ "start", TRIGGER | EVENTFD, 0, 1, 1, -1, 4 },
		{ "start, and none", TRIGGER | NONE, 0, 1, 0, -1, 0 },
		{ "count", TRIGGER | EVENTFD, 0, 0, 2, -1, 8 },
		{ "no eventfd", TRIGGER | EVENTFD, 0, 0, 0, -1, 4 },
		{ "no bool", TRIGGER | BOOL, 0, 0, 0, -1, 4 },
		{ "start and count wrap", TRIGGER | EVENTFD, 0, ~0u, 2, -1, 8 },
		{ "no data", TRIGGER | EVENTFD, 0, 0, 1, -1, 0 },
		{ "short data", TRIGGER | EVENTFD, 0, 0, 1, -1, 3 },
		{ "fd -2", TRIGGER | EVENTFD, 0, 0, 1, -2, 4 },
		{ "fd INT_MIN", TRIGGER | EVENTFD, 0, 0, 1, INT32_MIN, 4 },
	};
	s32 data[2];
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		data[0] = data[1] = rows[i].fd;
		EXPECT_EQ(-EINVAL, _ccw_set_irqs(dev, rows[i].flags,
						 rows[i].index, rows[i].start,
						 rows[i].count, data,
						 rows[i].size))
			TH_LOG("%s", rows[i].why);
	}

	data[0] = 9999;
	EXPECT_EQ(-EBADF, _ccw_set_irqs(dev, TRIGGER | EVENTFD, 0, 0, 1, data,
					4));
	data[0] = self->fd;	/* something that is no eventfd */
	EXPECT_EQ(-EINVAL, _ccw_set_irqs(dev, TRIGGER | EVENTFD, 0, 0, 1, data,
					 4));
	/* none of this has switched it off, or triggered it */
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, 0, 0));
	EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, 0, 0, 1, NULL, 0));
	EXPECT_EQ(0, _ccw_wait_irq(dev, 0, 0));
}

TEST_F(abi, set_irqs_shorter_than_its_header)
{
	struct vfio_irq_set set = { .flags = TRIGGER | NONE, .count = 1 };

	for (set.argsz = 0; set.argsz < sizeof(set); set.argsz++)
		EXPECT_EQ(-EINVAL, error(ioctl(self->fd, VFIO_DEVICE_SET_IRQS, &set)));
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, 0, 0));
	EXPECT_EQ(0, error(ioctl(self->fd, VFIO_DEVICE_SET_IRQS, &set)));
	EXPECT_EQ(0, _ccw_wait_irq(&self->e.dev, 0, 0));
}

/* two pages, of which the second one is not there */
static u8 *half_a_page(struct __test_metadata *_metadata)
{
	u8 *page = mmap(NULL, 2 * CCW_PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, page);
	ASSERT_EQ(0, munmap(page + CCW_PAGE, CCW_PAGE));
	return page;
}

TEST_F(abi, set_irqs_data_at_a_bad_address)
{
	static const u32 type[] = { EVENTFD, BOOL };
	struct vfio_irq_set *set;
	u32 i, len;

	/* the data begins where the memory ends, or two bytes before */
	for (i = 0; i < ARRAY_SIZE(type); i++)
		for (len = 0; len < (type[i] == EVENTFD ? 4 : 1); len += 2) {
			set = (void *)(half_a_page(_metadata) + CCW_PAGE -
				       sizeof(*set) - len);
			*set = (struct vfio_irq_set){
				.argsz = sizeof(*set) + 4,
				.flags = TRIGGER | type[i],
				.count = 1,
			};
			EXPECT_EQ(-EFAULT, error(ioctl(self->fd, VFIO_DEVICE_SET_IRQS, set)));
		}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, 0, 0));
	EXPECT_EQ(0, _ccw_set_irqs(&self->e.dev, TRIGGER | NONE, 0, 0, 1, NULL, 0));
	EXPECT_EQ(0, _ccw_wait_irq(&self->e.dev, 0, 0));
}

TEST_F(abi, set_irqs_loopback)
{
	struct ccw_dev *dev = &self->e.dev;
	u8 yes = 1, no = 0;
	int i;

	for (i = 0; i < NR_IRQS; i++) {
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, i, 0));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, i, 0, 1, NULL,
					   0));
		EXPECT_EQ(0, _ccw_wait_irq(dev, i, 0));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | BOOL, i, 0, 1, &yes,
					   1));
		EXPECT_EQ(0, _ccw_wait_irq(dev, i, 0));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | BOOL, i, 0, 1, &no,
					   1));
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, i, 0));
	}
}

/* Each way to switch an interrupt off, then a trigger that nobody hears. */
TEST_F(abi, set_irqs_off)
{
	struct ccw_dev *dev = &self->e.dev;
	int i;

	for (i = 0; i < NR_IRQS; i++) {
		EXPECT_EQ(0, _ccw_set_eventfd(dev, i, -1));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, i, 0, 1, NULL,
					   0));
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, i, 0));

		EXPECT_EQ(0, _ccw_set_eventfd(dev, i, dev->irq[i]));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, i, 0, 0, NULL,
					   0));
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, i, 0));
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, i, 0, 1, NULL,
					   0));
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(dev, i, 0));

		/* off twice is off */
		EXPECT_EQ(0, _ccw_set_eventfd(dev, i, -1));
	}
}

TEST_F(abi, set_irqs_replaces)
{
	struct ccw_dev *dev = &self->e.dev;
	int old = dev->irq[IRQ_IO];
	u64 count;

	dev->irq[IRQ_IO] = eventfd(0, EFD_NONBLOCK);
	ASSERT_LE(0, dev->irq[IRQ_IO]);
	EXPECT_EQ(0, _ccw_set_eventfd(dev, IRQ_IO, dev->irq[IRQ_IO]));
	EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, IRQ_IO, 0, 1, NULL, 0));
	EXPECT_EQ(0, _ccw_wait_irq(dev, IRQ_IO, 0));
	EXPECT_EQ(-1, read(old, &count, sizeof(count)));
	close(old);
}

/* An eventfd may be shared, and may be closed by its owner at any time. */
TEST_F(abi, set_irqs_one_eventfd_for_all)
{
	struct ccw_dev *dev = &self->e.dev;
	int fd = eventfd(0, EFD_NONBLOCK);
	u64 count;
	int i;

	for (i = 0; i < NR_IRQS; i++)
		EXPECT_EQ(0, _ccw_set_eventfd(dev, i, fd));
	for (i = 0; i < NR_IRQS; i++)
		EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, i, 0, 1, NULL,
					   0));
	ASSERT_EQ(8, read(fd, &count, sizeof(count)));
	EXPECT_EQ(NR_IRQS, count);
	close(fd);
	EXPECT_EQ(0, _ccw_set_irqs(dev, TRIGGER | NONE, 0, 0, 1, NULL, 0));
}

/* ---- regions ---- */

#define BEYOND	12

/* every region at every offset with every length, to a little beyond its end */
TEST_F_TIMEOUT(abi, read_sweep, 120)
{
	u8 buf[256];
	u32 i, offset, len;

	for (i = 0; i < NR_REGIONS; i++) {
		u32 end = regions[i].size + BEYOND;

		for (offset = 0; offset < end; offset++)
			for (len = 1; len <= end; len++) {
				int want = offset + len > regions[i].size ?
					   -EINVAL : (int)len;
				ssize_t n = pread(self->fd, buf, len,
						  REGION_OFFSET(i) + offset);

				if (n < 0)
					n = -errno;
				ASSERT_EQ(want, n)
					TH_LOG("region %u offset %u length %u",
					       i, offset, len);
			}
	}
}

/*
 * A write that names no function starts nothing. It is a request, and answered as
 * one, if it has the ORB and the SCSW.
 */
TEST_F_TIMEOUT(abi, write_sweep, 120)
{
	u8 buf[256] = {};
	int answer = error(pwrite(self->fd, buf, 124, 0));
	u32 offset, len;

	EXPECT_EQ(-EINVAL, answer);
	for (offset = 0; offset < 124 + BEYOND; offset++)
		for (len = 1; len <= 124 + BEYOND; len++) {
			ssize_t n = pwrite(self->fd, buf, len, offset);

			ASSERT_EQ(-EINVAL, error(n))
				TH_LOG("offset %u length %u", offset, len);
		}
	/* one that names another than the start function is told so */
	((struct ccw_io *)buf)->scsw.flags = FCTL_HALT;
	for (offset = 0; offset < 124 + BEYOND; offset++)
		for (len = 1; len <= 124 + BEYOND; len++) {
			bool request = !offset && len >= 24 && len <= 124;
			ssize_t n = pwrite(self->fd, buf, len, offset);

			ASSERT_EQ(request ? -EOPNOTSUPP : -EINVAL, error(n))
				TH_LOG("offset %u length %u", offset, len);
		}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, IRQ_IO, 100));
}

/* where the region of that subtype begins, and its size, as a stranger finds it */
static u64 find_region(struct __test_metadata *_metadata, int fd, u32 subtype, u32 *size)
{
	struct {
		struct vfio_region_info info;
		struct vfio_region_info_cap_type type;
	} arg;
	u32 i;

	for (i = 0; i < NR_REGIONS; i++) {
		memset(&arg, 0, sizeof(arg));
		arg.info.argsz = sizeof(arg);
		arg.info.index = i;
		ASSERT_EQ(0, ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &arg));
		if (arg.info.cap_offset != sizeof(arg.info) ||
		    arg.type.type != VFIO_REGION_TYPE_CCW || arg.type.subtype != subtype)
			continue;
		*size = arg.info.size;
		return arg.info.offset;
	}
	ASSERT_TRUE(false) TH_LOG("no region %u", subtype);
	return 0;
}

/* A write is a command if it has the whole of it; then the subchannel is cleared. */
TEST_F_TIMEOUT(abi, write_sweep_of_the_command_region, 120)
{
	u32 size, offset, len, i;
	u64 at = find_region(_metadata, self->fd, VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD, &size);
	struct ccw_irb irb;
	u32 buf[16];

	for (i = 0; i < ARRAY_SIZE(buf); i++)
		buf[i] = VFIO_CCW_ASYNC_CMD_CSCH;
	for (offset = 0; offset < size + BEYOND; offset++)
		for (len = 1; len <= size + BEYOND; len++) {
			bool command = !offset && len >= 4 && len <= size;
			ssize_t n = pwrite(self->fd, buf, len, at + offset);

			ASSERT_EQ(command ? (ssize_t)len : -EINVAL, n < 0 ? -errno : n)
				TH_LOG("offset %u length %u", offset, len);
			if (!command)
				continue;
			ccw_status(&self->e.dev, &irb);
			EXPECT_NE(0, irb.scsw.flags & FCTL_CLEAR) CCW_LOG(&irb);
		}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, IRQ_IO, 100));
}

/* The ORB and the SCSW are a request; with a byte less there is none. */
TEST_F(abi, what_a_start_has_to_have)
{
	struct ccw_io io = { .scsw.flags = FCTL_START };
	struct ccw_irb irb;
	u32 len;

	ccw_put(&self->e.p, CMD_NOP, CCW_SLI, 1, ENV_IOVA + CCW_PAGE);
	io.orb = ccw_orb(&self->e.p);
	for (len = 1; len < 24; len++)
		EXPECT_EQ(-EINVAL, error(pwrite(self->fd, &io, len, 0)));
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, IRQ_IO, 100));
	for (; len <= sizeof(io); len++) {
		ASSERT_EQ(len, pwrite(self->fd, &io, len, 0));
		ccw_final_status(&self->e.dev, &irb);
		ASSERT_EQ(DSTAT_CE | DSTAT_DE, irb.scsw.dstat) CCW_LOG(&irb);
		ASSERT_EQ(self->e.p.next, irb.scsw.cpa) CCW_LOG(&irb);
	}
}

#define IRB	offsetof(struct ccw_io, irb)
#define IRB_END	offsetofend(struct ccw_io, irb)

/* A read that has the IRB takes the status, every other one only looks. */
TEST_F_TIMEOUT(abi, what_takes_status, 120)
{
	struct ccw_orb orb;
	u32 offset, end;
	struct ccw_io io;
	u8 *part = (u8 *)&io;

	ccw_put(&self->e.p, CMD_NOP, CCW_SLI, 1, ENV_IOVA + CCW_PAGE);
	orb = ccw_orb(&self->e.p);
	ccw_start(&self->e.dev, &orb);
	ccw_wait_irq(&self->e.dev, IRQ_IO);
	for (offset = 0; offset < sizeof(io); offset++)
		for (end = offset + 1; end <= sizeof(io); end++) {
			u32 len = end - offset;

			if (offset <= IRB && end >= IRB_END)
				continue;
			ASSERT_EQ(len, pread(self->fd, part + offset, len, offset));
		}
	/* and no start is possible before it is taken */
	EXPECT_EQ(-EBUSY, _ccw_start(&self->e.dev, &orb));

	for (offset = 0; offset <= IRB; offset += 6)
		for (end = IRB_END; end <= sizeof(io); end += 4) {
			u32 len = end - offset;

			memset(&io, 0, sizeof(io));
			ASSERT_EQ(len, pread(self->fd, part + offset, len, offset));
			ASSERT_EQ(FCTL_START | STCTL_PRIM | STCTL_SEC | STCTL_PEND,
				  io.irb.scsw.flags & (FCTL_START | STCTL_MASK))
				TH_LOG("from %u to %u", offset, end);
			ASSERT_EQ(DSTAT_CE | DSTAT_DE, io.irb.scsw.dstat);
			ASSERT_EQ(sizeof(io), pread(self->fd, &io, sizeof(io), 0));
			ASSERT_EQ(0, io.irb.scsw.flags & STCTL_PEND)
				TH_LOG("not taken from %u to %u", offset, end);
			ccw_start(&self->e.dev, &orb);
			ccw_wait_irq(&self->e.dev, IRQ_IO);
		}
}

TEST_F(abi, write_to_read_only_regions)
{
	u8 buf[64] = {};
	u32 i, offset, len;

	for (i = REGION_SCHIB; i <= REGION_CRW; i++)
		for (offset = 0; offset < regions[i].size; offset += 4)
			for (len = 1; len <= regions[i].size; len++) {
				loff_t at = REGION_OFFSET(i) + offset;

				ASSERT_EQ(-EINVAL, error(pwrite(self->fd, buf, len, at)));
			}
}

TEST_F(abi, offsets_of_no_region)
{
	u8 buf[256] = {};
	u64 offset;
	u32 i, len;

	static const u64 bases[] = {
		4 << 10, 5 << 10, 255 << 10, 1ULL << 20, 1ULL << 31,
		1ULL << 32, 1ULL << 41, 1ULL << 42, (1ULL << 42) + 0x400,
		1ULL << 62, INT64_MAX - 255, INT64_MAX - 1023,
	};

	for (i = 0; i < ARRAY_SIZE(bases); i++)
		for (len = 1; len <= 124; len += 41) {
			offset = bases[i];
			ASSERT_EQ(-EINVAL, error(pread(self->fd, buf, len,
						       offset)))
				TH_LOG("offset %llx", (long long)offset);
			ASSERT_EQ(-EINVAL, error(pwrite(self->fd, buf, len,
							offset)))
				TH_LOG("offset %llx", (long long)offset);
		}
	/* between the end of a region and the start of the next */
	for (i = 0; i < NR_REGIONS; i++)
		for (offset = regions[i].size; offset < 1024; offset += 37)
			ASSERT_EQ(-EINVAL,
				  error(pread(self->fd, buf, 1, REGION_OFFSET(i) + offset)));
}

TEST_F(abi, length_beyond_all_bounds)
{
	static u8 buf[1 << 20];
	/* _FORTIFY_SOURCE shall not see how much longer than the buffer it is */
	u8 *volatile place = buf;
	volatile size_t most = 0x7ffff000;

	EXPECT_EQ(-EINVAL, error(pread(self->fd, buf, sizeof(buf), 0)));
	EXPECT_EQ(-EINVAL, error(pwrite(self->fd, buf, sizeof(buf), 0)));
	EXPECT_EQ(-EINVAL, error(pread(self->fd, place, most, 123)));
}

TEST_F(abi, bad_user_addresses)
{
	u8 *page = half_a_page(_metadata);
	struct ccw_irb irb;
	int i;

	for (i = 0; i < NR_REGIONS; i++)
		EXPECT_EQ(-EFAULT, error(pread(self->fd, page + CCW_PAGE - 4, 8,
					       REGION_OFFSET(i))));
	EXPECT_EQ(-EFAULT, error(pwrite(self->fd, page + CCW_PAGE - 4, 124,
					0)));
	EXPECT_EQ(-EFAULT, error(pwrite(self->fd, page + CCW_PAGE - 4, 8,
					REGION_OFFSET(REGION_CMD))));

	/* and the device works as before */
	ccw_put(&self->e.p, CMD_NOP, CCW_SLI, 1, ENV_IOVA + CCW_PAGE);
	ccw_run_ok(&self->e.dev, &self->e.p, &irb);
}

TEST_F(abi, io_region_keeps_what_is_written)
{
	struct ccw_io out, in;

	memset(&out, 0xa5, sizeof(out));
	out.scsw.flags = 0;
	out.ret_code = 0;
	pwrite(self->fd, &out, 124, 0);
	ASSERT_EQ(124, pread(self->fd, &in, 124, 0));
	EXPECT_EQ(0, memcmp(&out.orb, &in.orb, sizeof(in.orb)));
	EXPECT_EQ(0, memcmp(&out.scsw, &in.scsw, sizeof(in.scsw)));
}

TEST_F(abi, crw_region_is_empty)
{
	struct ccw_crw crw = { ~0, ~0 };
	int i;

	for (i = 0; i < 3; i++) {
		ccw_read_region(&self->e.dev, REGION_CRW, &crw);
		EXPECT_EQ(0, crw.crw);
		EXPECT_EQ(0, crw.pad);
	}
}

TEST_F(abi, schib_is_the_subchannels)
{
	struct ccw_schib schib;
	char text[64];
	unsigned int pim, pam, pom;

	ccw_read_region(&self->e.dev, REGION_SCHIB, &schib);
	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text),
				     "/sys/bus/css/devices/%s/pimpampom",
				     self->e.dev.busid));
	ASSERT_EQ(3, sscanf(text, "%x %x %x", &pim, &pam, &pom));
	EXPECT_EQ(pim, schib.pmcw[7]);
	EXPECT_EQ(pam, schib.pmcw[11]);
	EXPECT_EQ(pom, schib.pmcw[10]);
	EXPECT_NE(0, schib.pmcw[1] & 0x80) TH_LOG("not enabled");
	EXPECT_NE(0, schib.pmcw[1] & 0x01) TH_LOG("no device number valid");
	/* the host keeps an address there; it is nobody else's business */
	EXPECT_EQ(0, schib.intparm);
}

TEST_F(abi, second_open_of_the_device)
{
	struct ccw_dev other;

	/* vfio's word: the group is in use; the device can be bound to one iommufd only */
	EXPECT_EQ(variant->iommu == IOMMU_IOMMUFD ? -EINVAL : -EBUSY,
		  _ccw_dev_open(&other, &self->e.iommu, self->e.dev.uuid));
}

TEST_HARNESS_MAIN
