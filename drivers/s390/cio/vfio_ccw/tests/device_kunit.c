// SPDX-License-Identifier: GPL-2.0-only
#define NOTRACE
/*
 * What vfio and the mdev core ask of the driver, and what sysfs shows of a device:
 * device.c and stats.c with a fake of vfio, of the parent and of the pin cache.
 */
#define vccw_mdev_driver	kunit_device_mdev_driver
#define vccw_stats_groups	kunit_vccw_stats_groups

#include <linux/iommu.h>
#include <linux/kobject.h>

#include "fake_css.h"

static struct vfio_device *fake_vfio_alloc(size_t size, struct device *parent,
					   const struct vfio_device_ops *ops);
static void fake_vfio_put(struct vfio_device *vdev);
static int fake_vfio_assign_set(struct vfio_device *vdev, void *set_id);
static int fake_vfio_register(struct vfio_device *vdev);
static void fake_vfio_unregister(struct vfio_device *vdev);
static int fake_parent_attach(struct vccw_parent *parent, struct vccw_device *dev);
static void fake_parent_detach(struct vccw_parent *parent);
static struct vccw_iotlb *fake_iotlb_create(struct vfio_device *vdev);
static void fake_iotlb_destroy(struct vccw_iotlb *tlb);
static void fake_iotlb_open(struct vccw_iotlb *tlb);
static void fake_iotlb_close(struct vccw_iotlb *tlb);
static void fake_iotlb_get_stats(struct vccw_iotlb *tlb, struct vccw_iotlb_stats *stats);
static const struct vccw_iotlb_limits *fake_iotlb_limits(const struct vccw_iotlb *tlb);
static u32 fake_io_have(void);

#undef vfio_ccw_io_have
#define vfio_ccw_io_have			fake_io_have
#define _vfio_alloc_device			fake_vfio_alloc
#define vfio_put_device				fake_vfio_put
#define vfio_assign_device_set			fake_vfio_assign_set
#define vfio_register_emulated_iommu_dev	fake_vfio_register
#define vfio_unregister_group_dev		fake_vfio_unregister
#define vccw_parent_attach			fake_parent_attach
#define vccw_parent_detach			fake_parent_detach
#define vccw_iotlb_create			fake_iotlb_create
#define vccw_iotlb_destroy			fake_iotlb_destroy
#define vccw_iotlb_open				fake_iotlb_open
#define vccw_iotlb_close			fake_iotlb_close
#define vccw_iotlb_get_stats			fake_iotlb_get_stats
#define vccw_iotlb_limits(tlb)			fake_iotlb_limits(tlb)
#define vccw_iotlb_mem_ops			fake_mem_ops

#include "../device.c"
#include "../stats.c"

/* what the driver does to come into being, in this order */
enum step {
	STEP_ALLOC,
	STEP_IOTLB,
	STEP_SET,
	STEP_ATTACH,
	STEP_REGISTER,
	STEP_NR
};

/* the core's half of it, with what has been asked and what fails */
static struct {
	struct kunit *test;
	enum step fails;	/* STEP_NR: none */
	int errno;
	struct vfio_device *vdev;
	bool iotlb;
	bool open;		/* the pin cache */
	bool attached;
	bool registered;
	struct vccw_parent parent;
	struct mdev_device mdev;
	struct mdev_type type;
	struct kobject folder;
} core;

static u8 some_iotlb;

static int fake_step(enum step step)
{
	return core.fails == step ? core.errno : 0;
}

static u32 fake_io_have(void)
{
	return 0;
}

static struct vccw_iotlb *fake_iotlb_create(struct vfio_device *vdev)
{
	if (fake_step(STEP_IOTLB))
		return NULL;
	core.iotlb = true;
	return (struct vccw_iotlb *)&some_iotlb;
}

static void fake_iotlb_destroy(struct vccw_iotlb *tlb)
{
	KUNIT_EXPECT_PTR_EQ(core.test, (void *)tlb, (void *)&some_iotlb);
	KUNIT_EXPECT_FALSE(core.test, core.open);
	core.iotlb = false;
}

static void fake_iotlb_open(struct vccw_iotlb *tlb)
{
	KUNIT_EXPECT_FALSE(core.test, core.open);
	core.open = true;
}

static void fake_iotlb_close(struct vccw_iotlb *tlb)
{
	KUNIT_EXPECT_TRUE(core.test, core.open);
	core.open = false;
}

static struct vfio_device *fake_vfio_alloc(size_t size, struct device *parent,
					   const struct vfio_device_ops *ops)
{
	struct vfio_device *vdev;
	int ret = fake_step(STEP_ALLOC);

	if (ret)
		return ERR_PTR(ret);
	vdev = kvzalloc(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(core.test, vdev);
	vdev->dev = parent;
	vdev->ops = ops;
	ret = ops->init(vdev);
	if (ret) {
		kvfree(vdev);
		return ERR_PTR(ret);
	}
	core.vdev = vdev;
	return vdev;
}

static void fake_vfio_put(struct vfio_device *vdev)
{
	KUNIT_EXPECT_PTR_EQ(core.test, vdev, core.vdev);
	KUNIT_EXPECT_FALSE(core.test, core.attached);
	KUNIT_EXPECT_FALSE(core.test, core.registered);
	vdev->ops->release(vdev);
	core.vdev = NULL;
	kvfree(vdev);
}

static int fake_vfio_assign_set(struct vfio_device *vdev, void *set_id)
{
	return fake_step(STEP_SET);
}

/* whoever finds it from now on finds all of it */
static int fake_vfio_register(struct vfio_device *vdev)
{
	KUNIT_EXPECT_TRUE(core.test, core.attached);
	KUNIT_EXPECT_PTR_EQ(core.test, dev_get_drvdata(vdev->dev),
			    (void *)to_vccw_device(vdev));
	core.registered = !fake_step(STEP_REGISTER);
	return fake_step(STEP_REGISTER);
}

static void fake_vfio_unregister(struct vfio_device *vdev)
{
	KUNIT_EXPECT_TRUE(core.test, core.registered);
	KUNIT_EXPECT_TRUE(core.test, core.attached);
	core.registered = false;
}

static int fake_parent_attach(struct vccw_parent *parent, struct vccw_device *dev)
{
	KUNIT_EXPECT_PTR_EQ(core.test, parent, &core.parent);
	KUNIT_EXPECT_FALSE(core.test, core.attached);
	core.attached = !fake_step(STEP_ATTACH);
	return fake_step(STEP_ATTACH);
}

static void fake_parent_detach(struct vccw_parent *parent)
{
	KUNIT_EXPECT_TRUE(core.test, core.attached);
	KUNIT_EXPECT_FALSE(core.test, core.registered);
	core.attached = false;
}

static int device_kunit_init(struct kunit *test)
{
	struct fake_css *css;

	fake_css_init(test);
	css = test->priv;
	memset(&core, 0, sizeof(core));
	core.test = test;
	core.fails = STEP_NR;
	core.parent.sch = &css->sch;
	core.parent.io = css->dev.io;
	mutex_init(&core.parent.device_lock);
	dev_set_drvdata(&css->sch.dev, &core.parent);
	core.type.devices_kobj = &core.folder;
	core.mdev.type = &core.type;
	core.mdev.dev.parent = &css->sch.dev;
	return 0;
}

static void device_kunit_exit(struct kunit *test)
{
	if (!test->priv)
		return;
	KUNIT_EXPECT_FALSE(test, core.open);
	fake_css_exit(test);
}

/* --- it comes and goes ------------------------------------------------------------ */

static const struct birth {
	const char *what;
	enum step fails;
	int errno;
} births[] = {
	{ "nothing fails", STEP_NR, 0 },
	{ "no memory for it", STEP_ALLOC, -ENOMEM },
	{ "no memory for the cache", STEP_IOTLB, -ENOMEM },
	{ "no device set", STEP_SET, -ENOMEM },
	{ "there is one already", STEP_ATTACH, -EUSERS },
	{ "the subchannel is lost", STEP_ATTACH, -ENODEV },
	{ "no group", STEP_REGISTER, -ENOMEM },
};

static void birth_name(const struct birth *birth, char *name)
{
	strscpy(name, birth->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(birth, births, birth_name);

static void device_that_cannot_be_made_leaves_nothing(struct kunit *test)
{
	const struct birth *birth = test->param_value;
	struct mdev_driver *driver = &vccw_mdev_driver;
	struct fake_css *css = test->priv;
	struct vccw_device *dev;

	core.fails = birth->fails;
	core.errno = birth->errno;
	KUNIT_ASSERT_EQ(test, driver->probe(&core.mdev), birth->errno);
	if (!birth->errno) {
		dev = dev_get_drvdata(&core.mdev.dev);
		KUNIT_ASSERT_PTR_EQ(test, &dev->vdev, core.vdev);
		KUNIT_EXPECT_TRUE(test, core.registered);
		KUNIT_EXPECT_PTR_EQ(test, dev->sch, &css->sch);
		KUNIT_EXPECT_EQ(test, dev->state, VCCW_STATE_CLOSED);
		driver->remove(&core.mdev);
	} else {
		KUNIT_EXPECT_NULL(test, dev_get_drvdata(&core.mdev.dev));
	}
	KUNIT_EXPECT_NULL(test, core.vdev);
	KUNIT_EXPECT_FALSE(test, core.iotlb);
	KUNIT_EXPECT_FALSE(test, core.attached);
	KUNIT_EXPECT_FALSE(test, core.registered);
	/* nobody has asked the subchannel for anything */
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
}

static void device_of_a_type_that_is_not_complete(struct kunit *test)
{
	core.type.devices_kobj = NULL;
	KUNIT_EXPECT_EQ(test, vccw_mdev_driver.probe(&core.mdev), -EAGAIN);
	KUNIT_EXPECT_NULL(test, core.vdev);
}

static void device_is_the_only_one(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_EXPECT_EQ(test, vccw_mdev_driver.get_available(&core.parent.type), 1u);
	core.parent.device = &css->dev;
	KUNIT_EXPECT_EQ(test, vccw_mdev_driver.get_available(&core.parent.type), 0u);
}

/* --- open and close ---------------------------------------------------------------- */

static int kunit_open(struct fake_css *css)
{
	return vccw_device_ops.open_device(&css->dev.vdev);
}

static void kunit_close(struct fake_css *css)
{
	vccw_device_ops.close_device(&css->dev.vdev);
}

static const int refusals[] = { -ENODEV, -EBUSY, -EIO };

static void refusal_name(const int *errno, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "errno %d", -*errno);
}

KUNIT_ARRAY_PARAM(refusal, refusals, refusal_name);

/* MODIFY SUBCHANNEL fails: the device stays closed, and the next open finds it so */
static void device_open_that_cannot_enable(struct kunit *test)
{
	const int *errno = test->param_value;
	struct fake_css *css = test->priv;

	fake_answer(css, FAKE_ENABLE, *errno);
	KUNIT_EXPECT_EQ(test, kunit_open(css), *errno);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_FALSE(test, core.open);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "enable");

	fake_no_answers(css);
	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	KUNIT_EXPECT_TRUE(test, core.open);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "enable start");
	kunit_close(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable");
}

/* what one user wrote, or was to be told, is not for the next one */
static void device_open_forgets_the_last_user(struct kunit *test)
{
	const struct ccw_cmd_region no_cmd = {};
	const struct ccw_io_region none = {};
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	memset(&css->dev.region, 0xff, sizeof(none));
	memset(&css->dev.cmd, 0xff, sizeof(no_cmd));
	fake_set_triggers(css);
	fake_interrupt(css, SCSW0_SC_ALERT | SCSW0_SC_PEND, 0, 0x80000000);
	kunit_close(css);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[VFIO_CCW_IO_IRQ_INDEX].refs), 0);

	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	KUNIT_EXPECT_MEMEQ(test, &css->dev.region, &none, sizeof(none));
	KUNIT_EXPECT_MEMEQ(test, &css->dev.cmd, &no_cmd, sizeof(no_cmd));
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	kunit_close(css);
}

/* the program's memory is given back before the cache is closed, and not before it rests */
static void device_close_under_a_program(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	KUNIT_ASSERT_EQ(test, fake_start(css, FAKE_CPA), 0);
	fake_set_triggers(css);
	fake_log(css);
	kunit_close(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&css->dev.follow));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&css->dev.reap));
	KUNIT_EXPECT_EQ(test, cp_footprint(&css->dev.cp), 0u);
}

/* --- requests of vfio ------------------------------------------------------------- */

static long kunit_ioctl(struct fake_css *css, unsigned int cmd, void __user *arg)
{
	return vccw_device_ops.ioctl(&css->dev.vdev, cmd, (unsigned long)arg);
}

static void put(struct kunit *test, void __user *to, const void *from, size_t size)
{
	KUNIT_ASSERT_EQ(test, copy_to_user(to, from, size), 0ul);
}

static void device_ioctls_that_are_none(struct kunit *test)
{
	void __user *user = fake_user(test);

	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, 0, user), -ENOTTY);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, user),
			-ENOTTY);
}

static void device_info(struct kunit *test)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = { .argsz = minsz - 1 };
	u8 __user *page = fake_user(test);
	u8 __user *user = page + PAGE_SIZE - minsz;

	put(test, user, &info, minsz);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_INFO, user), -EINVAL);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_INFO, user + 1), -EFAULT);
	info.argsz = minsz;
	put(test, user, &info, minsz);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_INFO, user), 0);
	KUNIT_ASSERT_EQ(test, copy_from_user(&info, user, minsz), 0ul);
	KUNIT_EXPECT_EQ(test, info.flags, VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET);
	KUNIT_EXPECT_EQ(test, info.num_regions, 4u);
	KUNIT_EXPECT_EQ(test, info.num_irqs, 3u);
}

static void device_irq_info(struct kunit *test)
{
	struct vfio_irq_info info = { .argsz = sizeof(info) - 1 };
	u8 __user *page = fake_user(test);
	u8 __user *user = page + PAGE_SIZE - sizeof(info);

	put(test, user, &info, sizeof(info));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_IRQ_INFO, user), -EINVAL);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_IRQ_INFO, user + 1),
			-EFAULT);
	info.argsz = sizeof(info);
	for (info.index = 0; info.index < 3; info.index++) {
		put(test, user, &info, sizeof(info));
		KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_IRQ_INFO, user), 0);
		KUNIT_ASSERT_EQ(test, copy_from_user(&info, user, sizeof(info)), 0ul);
		KUNIT_EXPECT_EQ(test, info.flags, VFIO_IRQ_INFO_EVENTFD);
		KUNIT_EXPECT_EQ(test, info.count, 1u);
	}
	put(test, user, &info, sizeof(info));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_IRQ_INFO, user), -EINVAL);
	info.index = U32_MAX;
	put(test, user, &info, sizeof(info));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(test->priv, VFIO_DEVICE_GET_IRQ_INFO, user), -EINVAL);
}

static void device_set_irqs_of_a_user(struct kunit *test)
{
	struct {
		struct vfio_irq_set head;
		s32 fd;
	} __packed set = {
		.head.argsz = sizeof(set) - 1,
		.head.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		.head.index = VFIO_CCW_REQ_IRQ_INDEX,
		.head.count = 1,
		.fd = 3,
	};
	struct fake_css *css = test->priv;
	u8 __user *page = fake_user(test);
	u8 __user *user = page + PAGE_SIZE - sizeof(set);

	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	put(test, user, &set, sizeof(set));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_SET_IRQS, user), -EINVAL);
	set.head.argsz = sizeof(set);
	/* the descriptor is on the page that is not there, and so is the end of the request */
	put(test, user + 1, &set, sizeof(set) - 1);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_SET_IRQS, user + 1), -EFAULT);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_SET_IRQS, page + PAGE_SIZE - 4),
			-EFAULT);
	set.head.index = VFIO_CCW_NUM_IRQS;
	put(test, user, &set, sizeof(set));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_SET_IRQS, user), -EINVAL);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[3].refs), 0);

	set.head.index = VFIO_CCW_REQ_IRQ_INDEX;
	put(test, user, &set, sizeof(set));
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_SET_IRQS, user), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(3), 0u);
	vccw_device_ops.request(&css->dev.vdev, 0);
	KUNIT_EXPECT_EQ(test, fake_signals(3), 1u);
	kunit_close(css);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[3].refs), 0);
	/* nobody is there to be asked */
	vccw_device_ops.request(&css->dev.vdev, 1);
	KUNIT_EXPECT_EQ(test, fake_signals(3), 1u);
}

static void device_reset_of_a_user(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, kunit_open(css), 0);
	fake_log(css);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_RESET, NULL), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable enable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	fake_answer(css, FAKE_ENABLE, -ENODEV);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_RESET, NULL), -EINVAL);
	fake_no_answers(css);
	KUNIT_EXPECT_EQ(test, kunit_ioctl(css, VFIO_DEVICE_RESET, NULL), 0);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	kunit_close(css);
}

/* --- what sysfs shows ---------------------------------------------------------------- */

#define COUNTS(X)								\
	X(starts) X(halts) X(clears) X(resumes) X(followed) X(unfollowed)	\
	X(interrupts) X(unsolicited) X(checks) X(unit_checks)			\
	X(program_checks) X(channel_checks) X(refused_busy) X(refused_path)	\
	X(refused_orb) X(refused_resources) X(retranslated) X(ccws) X(idaws)	\
	X(bytes) X(resets) X(quiesces) X(quiesce_failures) X(saves) X(restores)

#define NR_COUNTS	(sizeof(struct vccw_stats) / sizeof(u64))

/* each is beyond what 32 bits hold, and no two are the same */
#define COUNT_BASE	0x500000000ull
#define COUNT(name)	(COUNT_BASE + offsetof(struct vccw_stats, name))

static const struct vccw_iotlb_stats iotlb_stats = {
	.hits = 0x600000001, .misses = 0x600000002, .evictions = 0x600000003,
	.invalidations = 0x600000004, .events = 0x600000005, .generations = 0x600000006,
	.cached = 0x80000007, .pinned = 0x80000008, .bytes = 0x700000000,
};

static const struct vccw_iotlb_limits iotlb_limits = {
	.pages = 0x80000011, .idle_ms = 0x80000012, .uses = 0x80000013,
};

static void fake_iotlb_get_stats(struct vccw_iotlb *tlb, struct vccw_iotlb_stats *stats)
{
	*stats = iotlb_stats;
}

static const struct vccw_iotlb_limits *fake_iotlb_limits(const struct vccw_iotlb *tlb)
{
	return &iotlb_limits;
}

static const struct shown {
	const char *folder;
	const char *file;
	u64 value;
} shown[] = {
#define X(name) { "statistics", #name, COUNT(name) },
	COUNTS(X)
#undef X
	{ "statistics", "merged", 0x500001001 },
	{ "statistics", "killed", 0x500001002 },
	{ "statistics", "reports_dropped", 0x500001003 },
	{ "statistics", "cache_hits", 0x600000001 },
	{ "statistics", "cache_misses", 0x600000002 },
	{ "statistics", "cache_evictions", 0x600000003 },
	{ "statistics", "cache_invalidations", 0x600000004 },
	{ "statistics", "memory_events", 0x600000005 },
	{ "statistics", "cache_generations", 0x600000006 },
	{ "statistics", "pages_cached", 0x80000007 },
	{ "statistics", "pages_pinned", 0x80000008 },
	{ "statistics", "memory", 0x700000000 + sizeof(struct vccw_device) },
	{ "limits", "cache_pages", 0x80000011 },
	{ "limits", "cache_idle_ms", 0x80000012 },
	{ "limits", "cache_uses", 0x80000013 },
	{ "limits", "ccws", CP_MAX_SLOTS },
	{ "limits", "idaws", CP_MAX_IDAWS },
	{ "limits", "reports", VCCW_CRW_MAX },
};

static bool is_shown(struct kunit *test, struct device *d, const struct attribute_group *group,
		     const struct attribute *attr, char *page)
{
	const struct device_attribute *file = container_of_const(attr, struct device_attribute,
								 attr);
	char want[32];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		if (strcmp(shown[i].folder, group->name) || strcmp(shown[i].file, attr->name))
			continue;
		snprintf(want, sizeof(want), "%llu\n", shown[i].value);
		KUNIT_EXPECT_EQ(test, attr->mode, 0444);
		KUNIT_EXPECT_NULL(test, file->store);
		KUNIT_EXPECT_EQ(test, file->show(d, (struct device_attribute *)file, page),
				(ssize_t)strlen(want));
		KUNIT_EXPECT_STREQ_MSG(test, page, want, "%s", attr->name);
		return true;
	}
	return false;
}

static void device_shows_each_count_as_what_it_is(struct kunit *test)
{
	const struct attribute_group **group;
	struct fake_css *css = test->priv;
	struct device *d = &core.mdev.dev;
	struct attribute **attr;
	u64 *count = (u64 *)&css->dev.stats;
	u32 nr = 0, i;
	char *page;

	page = (char *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < NR_COUNTS; i++)
		count[i] = COUNT_BASE + i * sizeof(*count);
	css->dev.status.merged = 0x500001001;
	css->dev.status.killed = 0x500001002;
	css->dev.crws.dropped = 0x500001003;
	dev_set_drvdata(d, &css->dev);
	for (group = vccw_stats_groups; *group; group++)
		for (attr = (*group)->attrs; *attr; attr++, nr++)
			KUNIT_EXPECT_TRUE_MSG(test, is_shown(test, d, *group, *attr, page),
					      "%s/%s is not known", (*group)->name, (*attr)->name);
	KUNIT_EXPECT_EQ(test, nr, (u32)ARRAY_SIZE(shown));
	/* and there is no count that nobody is shown */
	for (i = 0, nr = 0; i < ARRAY_SIZE(shown); i++)
		nr += shown[i].value >> 12 == COUNT_BASE >> 12;
	KUNIT_EXPECT_EQ(test, nr, (u32)NR_COUNTS);
	free_page((unsigned long)page);
}

static struct kunit_case device_cases[] = {
	KUNIT_CASE_PARAM(device_that_cannot_be_made_leaves_nothing, birth_gen_params),
	KUNIT_CASE(device_of_a_type_that_is_not_complete),
	KUNIT_CASE(device_is_the_only_one),
	KUNIT_CASE_PARAM(device_open_that_cannot_enable, refusal_gen_params),
	KUNIT_CASE(device_open_forgets_the_last_user),
	KUNIT_CASE(device_close_under_a_program),
	KUNIT_CASE(device_ioctls_that_are_none),
	KUNIT_CASE(device_info),
	KUNIT_CASE(device_irq_info),
	KUNIT_CASE(device_set_irqs_of_a_user),
	KUNIT_CASE(device_reset_of_a_user),
	KUNIT_CASE(device_shows_each_count_as_what_it_is),
	{}
};

static struct kunit_suite device_suite = {
	.name = "vfio_ccw_device",
	.init = device_kunit_init,
	.exit = device_kunit_exit,
	.test_cases = device_cases,
};

kunit_test_suite(device_suite);
