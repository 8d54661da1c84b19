// SPDX-License-Identifier: GPL-2.0-only
#define NOTRACE
/*
 * Which subchannels the driver takes, and offers again: parent.c with a fake of cio and
 * of the mdev core.
 */
#define vccw_mdev_driver	kunit_vccw_mdev_driver
#define vccw_parent_attach	kunit_vccw_parent_attach
#define vccw_parent_detach	kunit_vccw_parent_detach
#define vccw_parent_register	kunit_vccw_parent_register
#define vccw_parent_unregister	kunit_vccw_parent_unregister

#include <linux/module.h>
#include <linux/mod_devicetable.h>

#include <asm/irq.h>
#include <asm/isc.h>

#include "chp.h"

#include "fake_css.h"

struct mdev_driver vccw_mdev_driver;

static void fake_isc(unsigned int isc);
static int fake_css_driver_register(struct css_driver *driver);
static void fake_css_driver_unregister(struct css_driver *driver);
static void fake_css_sched_sch_todo(struct subchannel *sch, enum sch_todo todo);
static int fake_mdev_register_parent(struct mdev_parent *parent, struct device *dev,
				     struct mdev_driver *driver, struct mdev_type **types,
				     unsigned int nr_types);
static void fake_mdev_unregister_parent(struct mdev_parent *parent);
static __maybe_unused void real_parent_lost(struct vccw_device *dev);
static int parent_update_schib(struct subchannel *sch);

static const struct vfio_ccw_io_ops parent_io_ops = {
	.update_schib = parent_update_schib,
};

/* the subchannel under test is that of the tests' cio; the module is nobody's driver */
#undef MODULE_DEVICE_TABLE
#undef vccw_parent_lost
#undef vfio_ccw_io_ops
#define MODULE_DEVICE_TABLE(bus, ids)
#define vccw_parent_lost	real_parent_lost
#define vfio_ccw_io_ops		parent_io_ops
#define isc_register		fake_isc
#define isc_unregister		fake_isc
#define css_driver_register	fake_css_driver_register
#define css_driver_unregister	fake_css_driver_unregister
#define css_sched_sch_todo	fake_css_sched_sch_todo
#define mdev_register_parent	fake_mdev_register_parent
#define mdev_unregister_parent	fake_mdev_unregister_parent

#include "../parent.c"

/* for the work of parents; that of devices is in the one of fake_css.c */
struct workqueue_struct *vccw_parent_wq;

/* what cio and the mdev core were told, what they answer, and what the subchannel does */
static struct {
	struct css_driver *driver;
	bool offered;		/* with the mdev core */
	u32 offers;
	int offer_ret;
	bool users_wait;	/* for a device that works, and is not lost */
	struct completion worked;
	bool waited;		/* in vain */
	enum sch_todo todo;
	struct pmcw pmcw;
} host;

static void fake_isc(unsigned int isc)
{
}

static int fake_css_driver_register(struct css_driver *driver)
{
	host.driver = driver;
	return 0;
}

static void fake_css_driver_unregister(struct css_driver *driver)
{
	host.driver = NULL;
}

static void fake_css_sched_sch_todo(struct subchannel *sch, enum sch_todo todo)
{
	host.todo = todo;
}

static int fake_mdev_register_parent(struct mdev_parent *parent, struct device *dev,
				     struct mdev_driver *driver, struct mdev_type **types,
				     unsigned int nr_types)
{
	host.offered = !host.offer_ret;
	host.offers++;
	return host.offer_ret;
}

static void fake_mdev_unregister_parent(struct mdev_parent *parent)
{
	if (host.users_wait && !wait_for_completion_timeout(&host.worked, 5 * HZ))
		host.waited = true;
	host.offered = false;
}

static int parent_update_schib(struct subchannel *sch)
{
	sch->schib.pmcw = host.pmcw;
	return 0;
}

static int parent_init(struct kunit *test)
{
	struct fake_css *css;

	fake_css_init(test);
	css = test->priv;
	memset(&host, 0, sizeof(host));
	init_completion(&host.worked);
	vccw_parent_wq = alloc_workqueue("vfio_ccw_kunit_parent", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, vccw_parent_wq);
	css->sch.dev.init_name = "0.0.0000";
	css->sch.dev.kobj.state_in_sysfs = 1;
	KUNIT_ASSERT_EQ(test, vccw_parent_register(), 0);
	KUNIT_ASSERT_NOT_NULL(test, host.driver);
	return 0;
}

static void parent_exit(struct kunit *test)
{
	if (!test->priv)
		return;
	vccw_parent_unregister();
	destroy_workqueue(vccw_parent_wq);
	fake_css_exit(test);
}

/* as cio finds a driver for a subchannel */
static bool parent_matches(u8 type)
{
	struct css_device_id *id;

	for (id = host.driver->subchannel_type; id->match_flags; id++)
		if (id->type == type)
			return true;
	return false;
}

/* the host's number for it: it leads to this device now, and cio says that something is new */
static void parent_leads_to(struct fake_css *css, u16 devno, bool qdio)
{
	host.pmcw = (struct pmcw){ .dnv = 1, .dev = devno, .qf = qdio };
	KUNIT_EXPECT_EQ(css->test, host.driver->sch_event(&css->sch, 0), 0);
	flush_workqueue(vccw_parent_wq);
}

static void parent_only_of_io_subchannels(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, parent_matches(SUBCHANNEL_TYPE_IO));
	KUNIT_EXPECT_FALSE(test, parent_matches(SUBCHANNEL_TYPE_CHSC));
	KUNIT_EXPECT_FALSE(test, parent_matches(SUBCHANNEL_TYPE_MSG));
	KUNIT_EXPECT_FALSE(test, parent_matches(SUBCHANNEL_TYPE_ADM));
}

static void parent_refuses_qdio(struct kunit *test)
{
	struct fake_css *css = test->priv;

	css->sch.schib.pmcw.qf = 1;
	KUNIT_EXPECT_EQ(test, host.driver->probe(&css->sch), -ENODEV);
	KUNIT_EXPECT_EQ(test, host.offers, 0u);
	KUNIT_EXPECT_NULL(test, dev_get_drvdata(&css->sch.dev));

	css->sch.schib.pmcw.qf = 0;
	KUNIT_ASSERT_EQ(test, host.driver->probe(&css->sch), 0);
	KUNIT_EXPECT_TRUE(test, host.offered);
	host.driver->remove(&css->sch);
	KUNIT_EXPECT_FALSE(test, host.offered);
	KUNIT_EXPECT_NULL(test, dev_get_drvdata(&css->sch.dev));
}

static void parent_refuses_qdio_that_came_instead(struct kunit *test)
{
	struct fake_css *css = test->priv;

	css->sch.schib.pmcw.dev = 0x1000;
	KUNIT_ASSERT_EQ(test, host.driver->probe(&css->sch), 0);
	parent_leads_to(css, 0x2000, false);
	KUNIT_EXPECT_EQ(test, host.offers, 2u);
	KUNIT_EXPECT_TRUE(test, host.offered);
	KUNIT_EXPECT_EQ(test, host.todo, SCH_TODO_NOTHING);

	/* cio is to look for another driver then */
	parent_leads_to(css, 0x3000, true);
	KUNIT_EXPECT_EQ(test, host.offers, 2u);
	KUNIT_EXPECT_FALSE(test, host.offered);
	KUNIT_EXPECT_EQ(test, host.todo, SCH_TODO_UNREG);
	host.driver->remove(&css->sch);
}

/* the device was not there when it was to be brought to rest, and is when cio looks */
static void parent_offers_anew_what_was_lost_for_a_moment(struct kunit *test)
{
	struct fake_css *css = test->priv;

	css->sch.schib.pmcw.dev = 0x1000;
	KUNIT_ASSERT_EQ(test, host.driver->probe(&css->sch), 0);
	KUNIT_ASSERT_EQ(test, vccw_parent_attach(to_vccw_parent(&css->sch), &css->dev), 0);
	css->dev.state = VCCW_STATE_IDLE;
	KUNIT_ASSERT_EQ(test, fake_event(css, VCCW_EVENT_LOST), 0);
	fake_log(css);

	parent_leads_to(css, 0x1000, false);
	KUNIT_EXPECT_EQ(test, host.offers, 2u);
	KUNIT_EXPECT_TRUE(test, host.offered);
	vccw_parent_detach(to_vccw_parent(&css->sch));
	host.driver->remove(&css->sch);
}

/* without memory it is not offered; that is tried again, though nothing else happens */
static void parent_offers_again_what_could_not_be_offered(struct kunit *test)
{
	struct fake_css *css = test->priv;

	css->sch.schib.pmcw.dev = 0x1000;
	KUNIT_ASSERT_EQ(test, host.driver->probe(&css->sch), 0);
	host.offer_ret = -ENOMEM;
	parent_leads_to(css, 0x2000, false);
	KUNIT_EXPECT_EQ(test, host.offers, 2u);
	KUNIT_EXPECT_FALSE(test, host.offered);

	host.offer_ret = 0;
	flush_delayed_work(&to_vccw_parent(&css->sch)->work);
	KUNIT_EXPECT_EQ(test, host.offers, 3u);
	KUNIT_EXPECT_TRUE(test, host.offered);
	host.driver->remove(&css->sch);
	KUNIT_EXPECT_FALSE(test, host.offered);
}

static void parent_worked(struct work_struct *work)
{
	complete(&host.worked);
}

/* as many users as there are items at a time do not let go; a device has work to do */
static void parent_that_waits_holds_up_no_device(struct kunit *test)
{
	struct workqueue_struct *devices = vccw_wq, *parents = vccw_parent_wq;
	struct fake_css *css = test->priv;
	struct work_struct work;

	css->sch.schib.pmcw.dev = 0x1000;
	KUNIT_ASSERT_EQ(test, host.driver->probe(&css->sch), 0);
	workqueue_set_max_active(devices, 1);
	workqueue_set_max_active(parents, 1);
	INIT_WORK_ONSTACK(&work, parent_worked);
	host.users_wait = true;
	host.pmcw = (struct pmcw){ .dnv = 1, .dev = 0x2000 };
	KUNIT_EXPECT_EQ(test, host.driver->sch_event(&css->sch, 0), 0);
	queue_work(vccw_wq, &work);
	flush_workqueue(parents);
	flush_work(&work);
	destroy_work_on_stack(&work);
	KUNIT_EXPECT_FALSE(test, host.waited);
	host.users_wait = false;
	host.driver->remove(&css->sch);
}

static struct kunit_case parent_cases[] = {
	KUNIT_CASE(parent_only_of_io_subchannels),
	KUNIT_CASE(parent_refuses_qdio),
	KUNIT_CASE(parent_refuses_qdio_that_came_instead),
	KUNIT_CASE(parent_offers_anew_what_was_lost_for_a_moment),
	KUNIT_CASE(parent_offers_again_what_could_not_be_offered),
	KUNIT_CASE(parent_that_waits_holds_up_no_device),
	{}
};

static struct kunit_suite parent_suite = {
	.name = "vfio_ccw_parent",
	.init = parent_init,
	.exit = parent_exit,
	.test_cases = parent_cases,
};

kunit_test_suite(parent_suite);
