// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices come, go, are lost and return; their users end in whatever way. Each
 * test leaves the mdev as it found it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)

#define CSS	"/sys/bus/css/devices/"

FIXTURE(life)
{
	struct ccw_env e;
	char uuid[40];
	char busid[16];
	struct ccw_irb irb;
};

ENV_VARIANTS(life);

static void works(struct __test_metadata *_metadata,
		  FIXTURE_DATA(life) *self)
{
	struct ccw_prog p;

	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	ccw_run_ok(&self->e.dev, &p, &self->irb);
}

/* the ccw device that the host's driver makes of a subchannel */
static bool ccw_device_is_there(const char *busid)
{
	char line[128];

	snprintf(line, sizeof(line),
		 "ls -d " CSS "%s/[0-9a-f]*.[0-9]*.* >/dev/null 2>&1", busid);
	return !system(line);
}

FIXTURE_SETUP(life)
{
	ENV_SETUP(&self->e, variant->iommu);
	memcpy(self->uuid, self->e.dev.uuid, sizeof(self->uuid));
	memcpy(self->busid, self->e.dev.busid, sizeof(self->busid));
}

/* Whatever a test did, or did not get to: the next one has a device. */
FIXTURE_TEARDOWN(life)
{
	ccw_env_close(&self->e);
	ASSERT_EQ(0, _ccw_come_back(self->busid, self->uuid));
	ENV_SETUP(&self->e, variant->iommu);
	works(_metadata, self);
	ccw_env_close(&self->e);
}

static void reopen(struct __test_metadata *_metadata, FIXTURE_DATA(life) *self,
		   enum ccw_iommu_mode iommu)
{
	ccw_env_close(&self->e);
	ENV_SETUP(&self->e, iommu);
}

static bool ended(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

/* ---- what is in sysfs ---- */

TEST_F(life, names)
{
	char text[64];

	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text), CSS
		"%s/mdev_supported_types/vfio_ccw-io/device_api",
		self->busid));
	EXPECT_STREQ("vfio-ccw", text);
	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text), CSS
		"%s/mdev_supported_types/vfio_ccw-io/name", self->busid));
	EXPECT_STREQ("I/O subchannel (Non-QDIO)", text);
	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text), CSS
		"%s/mdev_supported_types/vfio_ccw-io/available_instances",
		self->busid));
	EXPECT_STREQ("0", text);
	EXPECT_TRUE(ccw_sysfs_exists("/sys/class/mdev_bus/%s", self->busid));
	EXPECT_TRUE(ccw_sysfs_exists("/sys/bus/css/drivers/vfio_ccw/%s",
				     self->busid));
	EXPECT_TRUE(ccw_sysfs_exists("/sys/bus/mdev/drivers/vfio_ccw_mdev/%s",
				     self->uuid));
}

TEST_F(life, one_instance_only)
{
	char text[8];

	EXPECT_EQ(-EUSERS,
		  _ccw_mdev_create(self->busid, "e0f9c9a2-26a5-4f29-9f1c-1f1a1b4b0001"));
	EXPECT_EQ(-EEXIST, _ccw_mdev_create(self->busid, self->uuid));
	ccw_env_close(&self->e);
	ASSERT_EQ(0, _ccw_mdev_remove(self->uuid));
	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text), CSS
		"%s/mdev_supported_types/vfio_ccw-io/available_instances",
		self->busid));
	EXPECT_STREQ("1", text);
	EXPECT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
}

/* ---- users that come and go ---- */

TEST_F_TIMEOUT(life, open_and_close, 120)
{
	int i;

	for (i = 0; i < 20; i++) {
		works(_metadata, self);
		reopen(_metadata, self, variant->iommu);
	}
}

/* the device may be closed before the memory is, or after it */
TEST_F(life, device_closed_last)
{
	works(_metadata, self);
	ccw_mem_destroy(&self->e.mem);
	ccw_iommu_close(&self->e.iommu);
}

TEST_F_TIMEOUT(life, close_with_io_under_way, 120)
{
	struct ccw_orb orb;
	struct ccw_prog p;
	int i;

	for (i = 0; i < 50; i++) {
		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, IN);
		orb = ccw_orb(&p);
		ccw_start(&self->e.dev, &orb);
		reopen(_metadata, self, variant->iommu);
		/* nothing of it is left for the next user */
		ASSERT_EQ(-ETIMEDOUT, _ccw_wait_irq(&self->e.dev, IRQ_IO, 2));
		works(_metadata, self);
	}
}

/* the number of an eventfd, were there one more */
static int next_eventfd(struct __test_metadata *_metadata)
{
	int fd = eventfd(0, EFD_CLOEXEC), id = ccw_eventfd_id(fd);

	ASSERT_LE(0, id);
	close(fd);
	return id;
}

/* Whoever forgets them keeps them for ever, and signals them to nobody. */
TEST_F(life, eventfds_are_let_go_at_close)
{
	int i, fd, id;

	for (i = 0; i < NR_IRQS; i++) {
		fd = eventfd(0, EFD_CLOEXEC);
		id = ccw_eventfd_id(fd);
		ccw_set_eventfd(&self->e.dev, i, fd);
		close(fd);
		EXPECT_NE(id, next_eventfd(_metadata));
		ccw_set_eventfd(&self->e.dev, i, self->e.dev.irq[i]);
		EXPECT_EQ(id, next_eventfd(_metadata));

		fd = eventfd(0, EFD_CLOEXEC);
		ccw_set_eventfd(&self->e.dev, i, fd);
		close(fd);
		reopen(_metadata, self, variant->iommu);
		EXPECT_EQ(id, next_eventfd(_metadata));
	}
}

TEST_F_TIMEOUT(life, user_is_killed, 120)
{
	int id = next_eventfd(_metadata);
	int i, status;
	pid_t pid;

	for (i = 0; i < 20; i++) {
		ccw_env_close(&self->e);
		pid = fork();
		if (!pid)
			ccw_io_for_ever(self->uuid, variant->iommu);
		usleep(30000 + i * 7919);
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status))
			TH_LOG("it ended by itself: %x", status);
		EXPECT_EQ(0, _ccw_statistic(self->uuid, "pages_pinned"));
		ENV_SETUP(&self->e, variant->iommu);
		works(_metadata, self);
		ASSERT_EQ(id, next_eventfd(_metadata));
	}
}

/* ---- the device is asked for ---- */

/* what a user does upon the request interrupt, and that he is asked */
static void asked_and_closed(struct __test_metadata *_metadata,
			     FIXTURE_DATA(life) *self, pid_t pid)
{
	int status;

	ccw_wait_irq(&self->e.dev, IRQ_REQ);
	EXPECT_FALSE(ended(pid, &status)) TH_LOG("not waited for: %x", status);
	ccw_env_close(&self->e);
	ASSERT_TRUE(EVENTUALLY(ended(pid, &status)));
	EXPECT_EQ(0, status);
}

TEST_F_TIMEOUT(life, remove_while_open, 120)
{
	pid_t pid;

	works(_metadata, self);
	pid = IN_CHILD(_ccw_mdev_remove(self->uuid));
	asked_and_closed(_metadata, self, pid);
	EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid));
	ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
}

TEST_F_TIMEOUT(life, remove_and_create, 120)
{
	int i;

	for (i = 0; i < 20; i++) {
		works(_metadata, self);
		ccw_env_close(&self->e);
		ASSERT_EQ(0, _ccw_mdev_remove(self->uuid));
		ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
		ENV_SETUP(&self->e, variant->iommu);
	}
}

TEST_F_TIMEOUT(life, unbind_while_open, 120)
{
	pid_t pid;

	works(_metadata, self);
	pid = IN_CHILD(_ccw_sch_unbind(self->busid));
	asked_and_closed(_metadata, self, pid);
	EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid));
	EXPECT_FALSE(ccw_sysfs_exists("/sys/class/mdev_bus/%s", self->busid));
	ASSERT_EQ(0, _ccw_sch_take(self->busid));
	ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
}

TEST_F_TIMEOUT(life, unbind_and_bind, 120)
{
	int i;

	for (i = 0; i < 10; i++) {
		works(_metadata, self);
		ccw_env_close(&self->e);
		ASSERT_EQ(0, _ccw_sch_unbind(self->busid));
		ASSERT_EQ(0, _ccw_sch_take(self->busid));
		ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
		ENV_SETUP(&self->e, variant->iommu);
	}
}

/* The host's own driver gets the device in working order. */
TEST_F_TIMEOUT(life, back_to_the_host, 120)
{
	works(_metadata, self);
	ccw_env_close(&self->e);
	ASSERT_EQ(0, _ccw_mdev_remove(self->uuid));
	ASSERT_EQ(0, _ccw_sch_unbind(self->busid));
	ASSERT_EQ(0, _ccw_sysfs_write("\n", CSS "%s/driver_override",
				      self->busid));
	ASSERT_EQ(0, _ccw_sysfs_write(self->busid,
				      "/sys/bus/css/drivers_probe"));
	EXPECT_TRUE(ccw_sysfs_exists("/sys/bus/css/drivers/io_subchannel/%s",
				     self->busid));
	/* that driver does not bear being unbound while it senses the device */
	ASSERT_EQ(0, _ccw_cio_settle());
	EXPECT_TRUE(EVENTUALLY(ccw_device_is_there(self->busid)));
	ASSERT_EQ(0, _ccw_sch_take(self->busid));
	ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
}

TEST_F_TIMEOUT(life, module_is_removed, 120)
{
	int i;

	if (system("modprobe -n vfio_ccw >/dev/null 2>&1"))
		SKIP(return, "modprobe cannot bring the module back");
	ASSERT_LT(0, _ccw_remember_all());
	if (ccw_forgotten())
		SKIP(return, "%s, which is none of these, would be lost", ccw_forgotten());
	works(_metadata, self);
	i = _ccw_module_remove();
	ASSERT_TRUE(i == -EWOULDBLOCK || i == -EBUSY) TH_LOG("rc %d", i);
	works(_metadata, self);
	ccw_env_close(&self->e);

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, _ccw_module_remove());
		EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s",
					      self->uuid));
		EXPECT_FALSE(ccw_sysfs_exists(CSS "%s/driver", self->busid));
		ASSERT_EQ(0, system("modprobe vfio_ccw"));
		ASSERT_EQ(0, _ccw_take_all());
	}
}

/*
 * The module stays for as long as somebody has a device open, and goes as soon as he
 * has not, whatever he had under way when he was killed.
 */
TEST_F_TIMEOUT(life, module_is_removed_in_io, 120)
{
	int i, rc, status;
	long starts;
	pid_t pid;

	if (system("modprobe -n vfio_ccw >/dev/null 2>&1"))
		SKIP(return, "modprobe cannot bring the module back");
	ASSERT_LT(0, _ccw_remember_all());
	for (i = 0; i < 4; i++) {
		ccw_env_close(&self->e);
		starts = _ccw_statistic(self->uuid, "starts");
		pid = fork();
		if (!pid && i % 2)
			ccw_suspended_for_ever(self->uuid, variant->iommu);
		if (!pid)
			ccw_io_for_ever(self->uuid, variant->iommu);
		EXPECT_TRUE(EVENTUALLY(_ccw_statistic(self->uuid, "starts") > starts + 1));
		rc = _ccw_module_remove();
		EXPECT_TRUE(rc == -EWOULDBLOCK || rc == -EBUSY) TH_LOG("rc %d", rc);
		EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
		kill(pid, SIGKILL);
		/* he may be gone before the kernel has put his files */
		EXPECT_TRUE(EVENTUALLY(!_ccw_module_remove()));
		waitpid(pid, &status, 0);
		EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid));
		ASSERT_EQ(0, system("modprobe vfio_ccw"));
		ASSERT_EQ(0, _ccw_take_all());
		ENV_SETUP(&self->e, variant->iommu);
		works(_metadata, self);
	}
}

/* ---- the device is lost ---- */

#define NEEDS_UNPLUG(self) do {						\
	if (!ccw_can_unplug((self)->busid))				\
		SKIP(return, "no way to unplug %s is named in "		\
		     "VFIO_CCW_UNPLUG", (self)->busid);			\
} while (0)

TEST_F_TIMEOUT(life, lost_when_closed, 120)
{
	NEEDS_UNPLUG(self);
	ccw_env_close(&self->e);
	ASSERT_EQ(0, _ccw_unplug(self->busid));
	ASSERT_TRUE(EVENTUALLY(!ccw_is_there(self->busid)));
	ASSERT_EQ(0, _ccw_come_back(self->busid, self->uuid));
}

TEST_F_TIMEOUT(life, lost_when_idle, 120)
{
	struct ccw_orb orb;
	struct ccw_prog p;
	int status;
	pid_t pid;

	NEEDS_UNPLUG(self);
	works(_metadata, self);
	ASSERT_EQ(0, _ccw_unplug(self->busid));
	ccw_wait_irq(&self->e.dev, IRQ_REQ);

	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	orb = ccw_orb(&p);
	EXPECT_EQ(-ENODEV, _ccw_start(&self->e.dev, &orb));
	EXPECT_EQ(-ENODEV, _ccw_async(&self->e.dev, ASYNC_CLEAR));
	EXPECT_EQ(-EINVAL, _ccw_reset(&self->e.dev));

	/* the host goes on although we keep the device open */
	pid = IN_CHILD(_ccw_cio_settle());
	if (!EVENTUALLY(ended(pid, &status))) {
		EXPECT_TRUE(false) TH_LOG("cio waits for user space");
		kill(pid, SIGKILL);
	}
	ccw_env_close(&self->e);
	ASSERT_TRUE(EVENTUALLY(!ccw_is_there(self->busid)));
	ASSERT_EQ(0, _ccw_come_back(self->busid, self->uuid));
}

/* A started program gets an answer: an interrupt, and then a status or ENODEV. */
TEST_F_TIMEOUT(life, lost_in_io, 120)
{
	struct ccw_orb orb;
	struct ccw_prog p;
	int rc;

	NEEDS_UNPLUG(self);
	/* the emulator suspends, and so the program never ends by itself */
	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_CC, 1, ARG);
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_S, 1, ARG);
	orb = ccw_orb(&p);
	orb.flags |= ORB_S;
	ccw_start(&self->e.dev, &orb);
	_ccw_status(&self->e.dev, &self->irb, 200);
	ASSERT_EQ(0, _ccw_unplug(self->busid));
	ccw_wait_irq(&self->e.dev, IRQ_REQ);

	rc = _ccw_status(&self->e.dev, &self->irb, CCW_TIMEOUT_MS);
	EXPECT_TRUE(rc == -ENODEV || (!rc && (self->irb.scsw.flags & SCSW_CC) ==
				      SCSW_CC))
		TH_LOG("rc %d scsw %08x", rc, self->irb.scsw.flags);
	ccw_env_close(&self->e);
	ASSERT_TRUE(EVENTUALLY(!ccw_is_there(self->busid)));
	ASSERT_EQ(0, _ccw_come_back(self->busid, self->uuid));
}

TEST_F_TIMEOUT(life, lost_under_load, 120)
{
	int status;
	pid_t pid;

	NEEDS_UNPLUG(self);
	ccw_env_close(&self->e);
	pid = fork();
	if (!pid)
		ccw_io_for_ever(self->uuid, variant->iommu);
	usleep(200000);
	ASSERT_EQ(0, _ccw_unplug(self->busid));
	/* it ends upon the first start that is refused or answered by a loss */
	if (!EVENTUALLY(ended(pid, &status))) {
		EXPECT_TRUE(false) TH_LOG("it goes on with no device");
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) < 3)
		TH_LOG("it ended with %x", status);
	ASSERT_TRUE(EVENTUALLY(!ccw_is_there(self->busid)));
	ASSERT_EQ(0, _ccw_come_back(self->busid, self->uuid));
}

TEST_HARNESS_MAIN
