// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration: a stopped device is saved, and another mediated device goes on with it.
 * That is the same one, opened anew, or, for a volume that has two addresses, the
 * other one: VFIO_CCW_TWINS names the two subchannels. The memory of the guest is
 * copied, as a hypervisor would.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define DATA	(ENV_IOVA + 0x20000)
#define IN	(ENV_IOVA + 0x30000)

/* blocks of the copy; and how far its target is from its source */
#define BLOCKS	180

#define RUNNING		VFIO_DEVICE_STATE_RUNNING
#define STOP		VFIO_DEVICE_STATE_STOP
#define STOP_COPY	VFIO_DEVICE_STATE_STOP_COPY
#define RESUMING	VFIO_DEVICE_STATE_RESUMING
#define ERROR		VFIO_DEVICE_STATE_ERROR

FIXTURE(migrate)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_irb irb;
	u8 state[CCW_STATE_MAX];
	ssize_t size;
	long probes;		/* starts that opening a device meant */
};

ENV_VARIANTS(migrate);

static void sense_id(struct ccw_prog *p, struct ccw_mem *mem)
{
	ccw_prog_init(p, mem, ENV_IOVA, 1);
	ccw_put(p, CMD_SENSE_ID, CCW_SLI, 4, IN);
}

FIXTURE_SETUP(migrate)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
}

FIXTURE_TEARDOWN(migrate)
{
	struct ccw_prog p;

	ccw_reset(self->dev);
	ccw_drain(self->dev);
	sense_id(&p, &self->e.mem);
	ccw_run_ok(self->dev, &p, &self->irb);
	ccw_env_close(&self->e);
}

#define state_set(dev, state)	ccw_ok(_ccw_mig_set(dev, state, NULL))

/* the status as it is, without taking it */
static int peek(struct ccw_dev *dev, struct ccw_irb *irb)
{
	size_t size = offsetof(struct ccw_io, irb.emw);
	struct ccw_io io = {};

	if (pread(dev->fd, &io, size, REGION_OFFSET(REGION_IO)) != (ssize_t)size)
		return -errno;
	*irb = io.irb;
	return 0;
}

/* starts a program and leaves its status where it is */
static int start_and_wait(struct ccw_dev *dev, struct ccw_mem *mem)
{
	struct pollfd pfd = { .fd = dev->irq[IRQ_IO], .events = POLLIN };
	struct ccw_prog p;
	struct ccw_orb orb;
	int rc;

	sense_id(&p, mem);
	orb = ccw_orb(&p);
	rc = _ccw_start(dev, &orb);
	if (rc)
		return rc;
	return poll(&pfd, 1, CCW_TIMEOUT_MS) == 1 ? 0 : -ETIMEDOUT;
}

/* ---- the interface ---- */

TEST_F(migrate, what_is_there)
{
	struct {
		struct vfio_device_feature head;
		u64 value;
	} f = { .head.argsz = sizeof(f) };

	f.head.flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIGRATION;
	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_FEATURE, &f));
	EXPECT_EQ(VFIO_MIGRATION_STOP_COPY, f.value);
	f.head.flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_MIG_DATA_SIZE;
	ASSERT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_FEATURE, &f));
	self->size = _ccw_save(self->dev, self->state);
	EXPECT_EQ(f.value, (u64)self->size);
	f.head.flags = VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET |
		       VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE;
	EXPECT_EQ(0, ioctl(self->dev->fd, VFIO_DEVICE_FEATURE, &f));
	f.head.flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT;
	EXPECT_EQ(-1, ioctl(self->dev->fd, VFIO_DEVICE_FEATURE, &f));
	EXPECT_EQ(ENOTTY, errno);
}

/* from a state that has no session, which is one that can be left */
TEST_F(migrate, arcs)
{
	static const u32 states[] = { STOP, RUNNING, STOP_COPY, RESUMING };
	u32 from, to;
	int fd, rc;

	EXPECT_EQ(RUNNING, _ccw_mig_get(self->dev));
	for (from = 0; from < 4; from++) {
		for (to = 0; to < 10; to++) {
			bool known = to >= STOP && to <= RESUMING;
			bool empty = states[from] == RESUMING && known && to != RESUMING;

			state_set(self->dev, states[from]);
			rc = _ccw_mig_set(self->dev, to, &fd);
			EXPECT_EQ(known && !empty ? 0 : -EINVAL, rc)
				TH_LOG("%u to %u", states[from], to);
			EXPECT_EQ(known && !empty && to >= STOP_COPY && to != states[from],
				  fd >= 0) TH_LOG("%u to %u", states[from], to);
			EXPECT_EQ(empty ? ERROR : rc ? states[from] : to,
				  _ccw_mig_get(self->dev)) TH_LOG("%u to %u", states[from], to);
			if (fd >= 0)
				close(fd);
			ccw_reset(self->dev);
			EXPECT_EQ(RUNNING, _ccw_mig_get(self->dev));
		}
	}
}

TEST_F(migrate, a_session_ends_with_its_state)
{
	u8 byte = 0;
	int fd;

	ccw_ok(_ccw_mig_set(self->dev, STOP_COPY, &fd));
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, write(fd, &byte, 1));
	state_set(self->dev, STOP);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	close(fd);

	ccw_ok(_ccw_mig_set(self->dev, RESUMING, &fd));
	EXPECT_EQ(1, write(fd, &byte, 1));
	EXPECT_EQ(-1, read(fd, &byte, 1));
	ccw_reset(self->dev);
	EXPECT_EQ(-1, write(fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	close(fd);

	/* and with the device */
	ccw_ok(_ccw_mig_set(self->dev, STOP_COPY, &fd));
	ccw_env_close(&self->e);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	close(fd);
	ENV_SETUP(&self->e, variant->iommu);
	EXPECT_EQ(RUNNING, _ccw_mig_get(self->dev));
}

TEST_F(migrate, a_stopped_device_does_nothing)
{
	struct ccw_schib schib;
	struct ccw_prog p;
	struct ccw_orb orb;

	sense_id(&p, &self->e.mem);
	orb = ccw_orb(&p);
	ccw_run_ok(self->dev, &p, &self->irb);
	EXPECT_NE(0, _ccw_statistic(self->dev->uuid, "pages_pinned"));
	state_set(self->dev, STOP);
	EXPECT_EQ(0, _ccw_statistic(self->dev->uuid, "pages_pinned"));
	memset(ccw_hva(&self->e.mem, IN), 0x55, CCW_PAGE);
	EXPECT_EQ(-EBUSY, _ccw_start(self->dev, &orb));
	EXPECT_EQ(-EBUSY, _ccw_resume(self->dev));
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_HALT));
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_CLEAR));
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_RESUME));
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 100));
	EXPECT_EQ(0x55, *(u8 *)ccw_hva(&self->e.mem, IN));
	EXPECT_EQ(0, _ccw_statistic(self->dev->uuid, "pages_pinned"));
	ccw_read_region(self->dev, REGION_SCHIB, &schib);
	ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE);
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
	state_set(self->dev, RUNNING);
	ccw_run_ok(self->dev, &p, &self->irb);
	EXPECT_EQ(0xff, *(u8 *)ccw_hva(&self->e.mem, IN));
}

TEST_F(migrate, bad_bytes)
{
	ssize_t i;

	self->size = _ccw_save(self->dev, self->state);
	ASSERT_GT(self->size, 16);
	for (i = 0; i < self->size; i += i < 20 ? 1 : 13) {
		EXPECT_EQ(-EINVAL, _ccw_load(self->dev, self->state, i));
		EXPECT_EQ(ERROR, _ccw_mig_get(self->dev));
		EXPECT_EQ(-EINVAL, _ccw_mig_set(self->dev, i % 5, NULL));
		ccw_reset(self->dev);
	}
	/* magic, version, size, facilities, what is pending: none of them may be another */
	for (i = 0; i < 16; i++) {
		self->state[i] ^= 0x80;
		EXPECT_EQ(-EINVAL, _ccw_load(self->dev, self->state, self->size));
		EXPECT_EQ(ERROR, _ccw_mig_get(self->dev));
		self->state[i] ^= 0x80;
		ccw_reset(self->dev);
	}
	EXPECT_EQ(-EINVAL, _ccw_load(self->dev, self->state, self->size + 1));
	ccw_reset(self->dev);
	EXPECT_EQ(0, _ccw_load(self->dev, self->state, self->size));
}

/* ---- what is carried over ---- */

/* the same device opened anew, or the one that @uuid names; it is stopped then */
static void move(struct __test_metadata *_metadata, FIXTURE_DATA(migrate) *self,
		 const FIXTURE_VARIANT(migrate) *variant, const char *uuid)
{
	bool same = !strcmp(uuid, self->dev->uuid);
	long before = _ccw_statistic(uuid, "starts");
	struct ccw_env from = self->e;
	void *ram = malloc(ENV_SIZE);
	const char *why;
	int rc = 0;

	ASSERT_NE(NULL, ram);
	self->size = _ccw_save(self->dev, self->state);
	ASSERT_GT(self->size, 0);
	memcpy(ram, from.mem.hva, ENV_SIZE);
	from.mem.iommu = &from.iommu;
	if (same)
		ccw_env_close(&from);
	why = ccw_env_open_uuid(&self->e, uuid, variant->iommu, &rc);
	ASSERT_EQ(NULL, why);
	ASSERT_EQ(0, rc);
	self->probes += _ccw_statistic(uuid, "starts") - before;
	ccw_ok(_ccw_load(self->dev, self->state, self->size));
	memcpy(self->e.mem.hva, ram, ENV_SIZE);
	free(ram);
	if (!same)
		ccw_env_close(&from);
}

static void carried(struct __test_metadata *_metadata, FIXTURE_DATA(migrate) *self,
		    const FIXTURE_VARIANT(migrate) *variant, const char *to)
{
	struct ccw_irb before, again;
	struct ccw_prog p;
	struct ccw_orb orb;
	char uuid[40];
	int i;

	snprintf(uuid, sizeof(uuid), "%s", to);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, start_and_wait(self->dev, &self->e.mem));
		ASSERT_EQ(0, peek(self->dev, &before));
		EXPECT_NE(0, before.scsw.flags & STCTL_PEND);
		move(_metadata, self, variant, uuid);
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
		state_set(self->dev, RUNNING);
		/* as the subchannel that it was: it waits for its status to be taken */
		sense_id(&p, &self->e.mem);
		orb = ccw_orb(&p);
		EXPECT_EQ(-EBUSY, _ccw_start(self->dev, &orb));
		ccw_status(self->dev, &again);
		EXPECT_EQ(0, memcmp(&before, &again, sizeof(before)));
		EXPECT_EQ(0, ccw_drain(self->dev));
		ccw_run_ok(self->dev, &p, &self->irb);
	}
}

TEST_F(migrate, status_that_was_not_taken)
{
	carried(_metadata, self, variant, self->dev->uuid);
}

/* what that device is does not matter to status */
TEST_F(migrate, status_that_was_not_taken_on_another_subchannel)
{
	if (!ccw_uuid(1))
		SKIP(return, "only one mdev named in VFIO_CCW_UUID");
	carried(_metadata, self, variant, ccw_uuid(1));
	EXPECT_EQ(0, strcmp(self->dev->uuid, ccw_uuid(1)));
}

/* ---- a copy that moves ---- */

struct stamp {
	u16 block;
	u16 seq;	/* of all writes */
};

/* the other mdev of the same volume, NULL: there is none */
static const char *twin(const struct ccw_dev *dev)
{
	const char *twins = getenv("VFIO_CCW_TWINS");
	char busid[16], one[16], two[16];
	const char *uuid;
	unsigned int i;

	if (!twins || sscanf(twins, "%15s %15s", one, two) != 2)
		return NULL;
	for (i = 0; (uuid = ccw_uuid(i)); i++) {
		if (_ccw_busid(uuid, busid) || !strcmp(uuid, dev->uuid))
			continue;
		if ((!strcmp(dev->busid, one) && !strcmp(busid, two)) ||
		    (!strcmp(dev->busid, two) && !strcmp(busid, one)))
			return uuid;
	}
	return NULL;
}

/* one program: reads or writes what is at DATA */
static struct ccw_orb transfer(FIXTURE_DATA(migrate) *self, u32 block, bool write)
{
	const struct ccw_backend *b = self->dev->backend;
	struct ccw_prog *p = &self->e.p;

	ccw_prog_init(p, &self->e.mem, ENV_IOVA, 1);
	if (b->nr_blocks)
		b->put_block(p, ARG, DATA, block, write);
	else if (write)
		b->put_write(p, ARG, DATA, 0);
	else
		b->put_read(p, ARG, DATA, 0);
	return ccw_orb(p);
}

#define TRANSFER(self, block, write) do {					\
	struct ccw_orb __o = transfer(self, block, write);			\
										\
	ccw_run(self->dev, &__o, &self->irb);					\
	ASSERT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat) CCW_LOG(&self->irb); \
} while (0)

/*
 * Copies blocks, and is moved back and forth in the middle of reads and writes, which
 * then are in flight, or have ended and nobody knows. Each write has its number
 * on it: a block that was written twice has one too high, and all behind it.
 * A device that keeps one record only is written and read in turn.
 */
static void copy(struct __test_metadata *_metadata, FIXTURE_DATA(migrate) *self,
		 const FIXTURE_VARIANT(migrate) *variant, const char *uuid0, const char *uuid1)
{
	const struct ccw_backend *b = self->dev->backend;
	u32 n = b->nr_blocks ? BLOCKS : 60, block, len = b->rw_len;
	long starts[2] = {}, killed[2] = {};
	struct stamp stamp = {};
	char uuid[2][40];
	u8 *want = malloc(n * len);
	unsigned int moves = 0, at = 0;
	u8 *data;
	int i;

	ASSERT_NE(NULL, want);
	snprintf(uuid[0], 40, "%s", uuid0);
	snprintf(uuid[1], 40, "%s", uuid1);
	for (block = 0; block < n; block++) {
		data = ccw_hva(&self->e.mem, DATA);
		ccw_pattern(self->dev, data, block + 1);
		memcpy(want + block * len, data, len);
		if (b->nr_blocks)
			TRANSFER(self, block, true);
	}
	for (i = 0; i < 2; i++) {
		starts[i] = _ccw_statistic(uuid[i], "starts");
		killed[i] = _ccw_statistic(uuid[i], "killed");
	}
	for (block = 0; block < n; block++) {
		for (i = 0; i < 2; i++) {
			bool write = b->nr_blocks ? i : !i;
			struct ccw_orb orb;

			data = ccw_hva(&self->e.mem, DATA);
			if (write) {
				memcpy(data, want + block * len, len);
				stamp = (struct stamp){ block, stamp.seq + 1 };
				memcpy(data, &stamp, sizeof(stamp));
			} else {
				memset(data, 0, len);
			}
			orb = transfer(self, b->nr_blocks ? block + i * BLOCKS : 0, write);
			ccw_start(self->dev, &orb);
			if ((block * 2 + i) % 7 == 3) {
				at = !at;
				move(_metadata, self, variant, uuid[at]);
				moves++;
				state_set(self->dev, RUNNING);
			}
			ccw_final_status(self->dev, &self->irb);
			ASSERT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat)
				CCW_LOG(&self->irb);
			ASSERT_EQ(0, self->irb.scsw.cstat & ~CSTAT_IL) CCW_LOG(&self->irb);
			data = ccw_hva(&self->e.mem, DATA);
			if (!write && b->nr_blocks)
				ASSERT_EQ(0, memcmp(data, want + block * len, len))
					TH_LOG("block %u of the source", block);
			if (!write && !b->nr_blocks)
				ASSERT_EQ(0, memcmp(data, &stamp, sizeof(stamp)))
					TH_LOG("write %u", stamp.seq);
		}
	}
	/* nothing was started twice, nothing was ended by the host */
	for (i = 0; i < 2; i++) {
		starts[i] = _ccw_statistic(uuid[i], "starts") - starts[i];
		EXPECT_EQ(killed[i], _ccw_statistic(uuid[i], "killed"));
	}
	if (!strcmp(uuid[0], uuid[1]))
		starts[1] = 0;
	EXPECT_EQ(2 * n, starts[0] + starts[1] - self->probes);
	TH_LOG("%u blocks, %u moves, %ld and %ld starts", n, moves, starts[0], starts[1]);
	EXPECT_EQ(n, stamp.seq);
	for (block = 0; b->nr_blocks && block < n; block++) {
		memset(ccw_hva(&self->e.mem, DATA), 0, len);
		TRANSFER(self, block + BLOCKS, false);
		data = ccw_hva(&self->e.mem, DATA);
		memcpy(&stamp, data, sizeof(stamp));
		EXPECT_EQ(block, stamp.block);
		EXPECT_EQ(block + 1, stamp.seq);
		EXPECT_EQ(0, memcmp(data + sizeof(stamp), want + block * len + sizeof(stamp),
				    len - sizeof(stamp))) TH_LOG("block %u", block);
	}
	free(want);
}

TEST_F_TIMEOUT(migrate, a_copy_moves_to_the_same_device, 300)
{
	char uuid[40];

	if (!self->dev->backend->rw_len)
		SKIP(return, "%s", ccw_no_data(self->dev->backend));
	snprintf(uuid, sizeof(uuid), "%s", self->dev->uuid);
	copy(_metadata, self, variant, uuid, uuid);
}

TEST_F_TIMEOUT(migrate, a_copy_moves_to_the_other_address_of_a_volume, 300)
{
	char one[40], two[40];

	if (!twin(self->dev))
		SKIP(return, "VFIO_CCW_TWINS names no other address of it");
	if (!self->dev->backend->rw_len)
		SKIP(return, "%s", ccw_no_data(self->dev->backend));
	snprintf(one, sizeof(one), "%s", self->dev->uuid);
	snprintf(two, sizeof(two), "%s", twin(self->dev));
	copy(_metadata, self, variant, one, two);
}

/* ---- at the same time ---- */

struct starter {
	struct ccw_dev *dev;
	struct ccw_orb orb;
	unsigned int started;
	int rc;
	volatile bool stop;
};

/* starts whenever it may; what was accepted ends */
static void *start_again_and_again(void *arg)
{
	struct starter *s = arg;
	struct ccw_irb irb;

	while (!s->stop && !s->rc) {
		s->rc = _ccw_start(s->dev, &s->orb);
		if (s->rc == -EBUSY) {
			s->rc = 0;
			continue;
		}
		if (!s->rc)
			s->rc = _ccw_final_status(s->dev, &irb, CCW_TIMEOUT_MS);
		s->started++;
	}
	return NULL;
}

TEST_F_TIMEOUT(migrate, stops_against_starts, 120)
{
	struct starter s = { .dev = self->dev };
	unsigned int i, n = ccw_rounds(100);
	struct ccw_prog p;
	pthread_t thread;

	sense_id(&p, &self->e.mem);
	s.orb = ccw_orb(&p);
	ASSERT_EQ(0, pthread_create(&thread, NULL, start_again_and_again, &s));
	for (i = 0; i < n; i++) {
		EXPECT_EQ(0, _ccw_mig_set(self->dev, STOP_COPY, NULL));
		EXPECT_EQ(0, _ccw_mig_set(self->dev, RUNNING, NULL));
		usleep(i % 10 * 200);
	}
	s.stop = true;
	pthread_join(thread, NULL);
	EXPECT_EQ(0, s.rc);
	EXPECT_NE(0, s.started);
	TH_LOG("%u stops, %u starts", n, s.started);
}

TEST_HARNESS_MAIN
