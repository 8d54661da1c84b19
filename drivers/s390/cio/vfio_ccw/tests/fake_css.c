// SPDX-License-Identifier: GPL-2.0-only
#define NOTRACE
#include <linux/eventfd.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/uaccess.h>
#include "fake_css.h"

static struct eventfd_ctx *fake_eventfd_ctx_fdget(int fd);
static void fake_eventfd_ctx_put(struct eventfd_ctx *ctx);
static void fake_eventfd_signal(struct eventfd_ctx *ctx);
static int fake_eventfd_drain(struct eventfd_ctx *ctx, wait_queue_entry_t *wait, __u64 *cnt);

#define eventfd_ctx_fdget		fake_eventfd_ctx_fdget
#define eventfd_ctx_put			fake_eventfd_ctx_put
#define eventfd_signal			fake_eventfd_signal
#define eventfd_ctx_remove_wait_queue	fake_eventfd_drain

static struct fake_css *unmap_css;

/* the real cache, which has nothing, is told of each program, too */
static void fake_begin(struct vccw_iotlb *tlb)
{
	if (unmap_css->pages && !unmap_css->dev.program)
		KUNIT_FAIL(unmap_css->test, "a translation begins with another one's pages");
	unmap_css->pages = true;
	unmap_css->translations++;
	vccw_iotlb_begin(tlb);
}

static bool fake_ready(struct vccw_iotlb *tlb)
{
	vccw_iotlb_ready(tlb);
	return !unmap_css->ready || unmap_css->ready(unmap_css);
}

static bool fake_end(struct vccw_iotlb *tlb)
{
	unmap_css->pages = false;
	return vccw_iotlb_end(tlb);
}

#define vccw_iotlb_begin		fake_begin
#define vccw_iotlb_ready		fake_ready
#define vccw_iotlb_end			fake_end

static bool fake_in_use(struct vccw_iotlb *tlb, u64 first, u64 last);
static void fake_unmap(struct vccw_iotlb *tlb, u64 first, u64 last);
static void fake_give_way(struct vccw_iotlb *tlb, bool give_way);
static bool fake_gives_way(const struct vccw_iotlb *tlb);

#define vccw_iotlb_in_use		fake_in_use
#define vccw_iotlb_unmap		fake_unmap
#define vccw_iotlb_give_way		fake_give_way
#define vccw_iotlb_gives_way		fake_gives_way

static unsigned long fake_copy_to_user(void __user *to, const void *from, unsigned long n);

#define copy_to_user			fake_copy_to_user

#include "../fsm.c"
#include "../irqs.c"
#include "../migrate.c"
#include "../program.c"
#include "../quiesce.c"
#include "../regions.c"
#include "../request.c"
#include "../unmap.c"

debug_info_t *vccw_debug;
struct workqueue_struct *vccw_wq;

/* what the parent does about it is for its device to be lost */
void vccw_parent_lost(struct vccw_device *dev)
{
	vccw_fsm_event(dev, VCCW_EVENT_LOST);
}

/* --- eventfds --------------------------------------------------------------- */

struct eventfd_ctx fake_eventfds[FAKE_EVENTFDS];

static struct kunit *eventfd_test;

static struct eventfd_ctx *fake_eventfd_ctx_fdget(int fd)
{
	if (fd >= FAKE_EVENTFDS)
		return ERR_PTR(-EBADF);
	atomic_inc(&fake_eventfds[fd].refs);
	return &fake_eventfds[fd];
}

static void fake_eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	if (in_hardirq())
		KUNIT_FAIL(eventfd_test, "an eventfd is let go in an interrupt");
	if (atomic_dec_return(&ctx->refs) < 0)
		KUNIT_FAIL(eventfd_test, "an eventfd is let go twice");
}

static void fake_eventfd_signal(struct eventfd_ctx *ctx)
{
	if (atomic_read(&ctx->refs) <= 0)
		KUNIT_FAIL(eventfd_test, "an eventfd is signalled that was let go");
	atomic_inc(&ctx->count);
	atomic_inc(&ctx->signals);
}

static int fake_eventfd_drain(struct eventfd_ctx *ctx, wait_queue_entry_t *wait, __u64 *cnt)
{
	if (atomic_read(&ctx->refs) <= 0)
		KUNIT_FAIL(eventfd_test, "an eventfd is drained that was let go");
	*cnt = atomic_xchg(&ctx->count, 0);
	return *cnt ? 0 : -EAGAIN;
}

u32 fake_signals(u32 fd)
{
	return atomic_read(&fake_eventfds[fd].signals);
}

/* --- memory that goes ---------------------------------------------------------- */

static bool fake_in_use(struct vccw_iotlb *tlb, u64 first, u64 last)
{
	const struct vccw_range *used = &unmap_css->in_use;

	lockdep_assert_held(&unmap_css->dev.io_lock);
	return unmap_css->dev.program && used->first <= last && used->last >= first;
}

static void fake_unmap(struct vccw_iotlb *tlb, u64 first, u64 last)
{
	if (fake_in_use(tlb, first, last))
		KUNIT_FAIL(unmap_css->test, "[%llx, %llx] goes under a program", first, last);
	if (unmap_css->nr_unmapped == FAKE_UNMAPS) {
		KUNIT_FAIL(unmap_css->test, "too many unmaps");
		return;
	}
	unmap_css->unmapped[unmap_css->nr_unmapped++] = (struct vccw_range) { first, last };
}

static void fake_give_way(struct vccw_iotlb *tlb, bool give_way)
{
	WRITE_ONCE(unmap_css->gives_way, give_way);
}

static bool fake_gives_way(const struct vccw_iotlb *tlb)
{
	return READ_ONCE(unmap_css->gives_way);
}

/* --- memory of the user --------------------------------------------------------- */

#undef copy_to_user

static unsigned long fake_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	void (*meanwhile)(struct fake_css *css) = unmap_css->in_copy;

	unmap_css->in_copy = NULL;
	if (meanwhile)
		meanwhile(unmap_css);
	return copy_to_user(to, from, n);
}

/* --- instructions ------------------------------------------------------------- */

static const char * const op_name[FAKE_NR_OPS] = {
	"enable", "disable", "schib", "start", "halt", "clear", "resume", "rest",
};

static int fake_do(struct subchannel *sch, enum fake_op op)
{
	struct fake_css *css = container_of(sch, struct fake_css, sch);
	u32 at = css->at[op];

	lockdep_assert_held(&sch->lock);
	if (css->log[0])
		strlcat(css->log, " ", sizeof(css->log));
	strlcat(css->log, op_name[op], sizeof(css->log));
	if (!css->nr[op])
		return 0;
	if (at + 1 < css->nr[op])
		css->at[op]++;
	return css->answer[op][at];
}

static int fake_enable(struct subchannel *sch)
{
	return fake_do(sch, FAKE_ENABLE);
}

static int fake_disable(struct subchannel *sch)
{
	return fake_do(sch, FAKE_DISABLE);
}

static int fake_update_schib(struct subchannel *sch)
{
	return fake_do(sch, FAKE_SCHIB);
}

static int fake_io_start(struct subchannel *sch, const struct cp_orb *orb)
{
	struct fake_css *css = container_of(sch, struct fake_css, sch);

	css->orb = *orb;
	return fake_do(sch, FAKE_START);
}

static int fake_halt(struct subchannel *sch)
{
	return fake_do(sch, FAKE_HALT);
}

static int fake_clear(struct subchannel *sch)
{
	return fake_do(sch, FAKE_CLEAR);
}

static int fake_resume(struct subchannel *sch)
{
	return fake_do(sch, FAKE_RESUME);
}

static int fake_rest(struct subchannel *sch, int *retries)
{
	struct fake_css *css = container_of(sch, struct fake_css, sch);
	int ret = fake_do(sch, FAKE_REST);

	if (*retries != css->retries)
		KUNIT_FAIL(css->test, "%d retries, not %d", *retries, css->retries);
	if (ret == -EBUSY)
		css->retries = --*retries;
	else
		css->retries = 255;
	if (ret == -EBUSY && css->rest_irq_us)
		hrtimer_start(&css->timer, us_to_ktime(css->rest_irq_us), HRTIMER_MODE_REL_HARD);
	return ret;
}

static const struct vfio_ccw_io_ops fake_io_ops = {
	.enable = fake_enable,
	.disable = fake_disable,
	.update_schib = fake_update_schib,
	.start = fake_io_start,
	.halt = fake_halt,
	.clear = fake_clear,
	.resume = fake_resume,
	.rest = fake_rest,
};

void fake_answer(struct fake_css *css, enum fake_op op, int ret)
{
	KUNIT_ASSERT_LT(css->test, css->nr[op], (u32)FAKE_ANSWERS);
	css->answer[op][css->nr[op]++] = ret;
}

void fake_no_answers(struct fake_css *css)
{
	memset(css->nr, 0, sizeof(css->nr));
	memset(css->at, 0, sizeof(css->at));
}

const char *fake_log(struct fake_css *css)
{
	char *log = kunit_kzalloc(css->test, sizeof(css->log), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(css->test, log);
	scoped_guard(spinlock_irq, &css->sch.lock) {
		memcpy(log, css->log, sizeof(css->log));
		css->log[0] = 0;
	}
	return log;
}

/* --- events --------------------------------------------------------------------- */

static int fake_status(struct fake_css *css, u32 scsw0, u32 host_cpa, u32 scsw2)
{
	memset(css->dev.irb, 0, sizeof(css->dev.irb));
	css->dev.irb[IRB_SCSW0] = scsw0;
	css->dev.irb[IRB_CPA] = host_cpa;
	css->dev.irb[IRB_SCSW2] = scsw2;
	return vccw_fsm_event(&css->dev, VCCW_EVENT_INTERRUPT);
}

int fake_event(struct fake_css *css, enum vccw_event event)
{
	guard(spinlock_irq)(&css->sch.lock);
	return vccw_fsm_event(&css->dev, event);
}

int fake_interrupt(struct fake_css *css, u32 scsw0, u32 host_cpa, u32 scsw2)
{
	guard(spinlock_irq)(&css->sch.lock);
	return fake_status(css, scsw0, host_cpa, scsw2);
}

bool fake_take(struct fake_css *css, u32 *irb)
{
	guard(spinlock_irq)(&css->sch.lock);
	return vccw_status_take(&css->dev.status, irb);
}

static enum hrtimer_restart fake_timer(struct hrtimer *timer)
{
	struct fake_css *css = container_of(timer, struct fake_css, timer);

	guard(spinlock_irqsave)(&css->sch.lock);
	if (css->irq_event == VCCW_EVENT_INTERRUPT)
		fake_status(css, css->irq_scsw0, 0, 0);
	else
		vccw_fsm_event(&css->dev, css->irq_event);
	return HRTIMER_NORESTART;
}

int fake_start(struct fake_css *css, u32 cpa)
{
	return fake_start_orb(css, cpa, ORB1_P);
}

int fake_start_orb(struct fake_css *css, u32 cpa, u32 flags)
{
	u32 orb[3] = { 0x12345678, flags | ORB1_F | css->lpm << ORB1_LPM_SHIFT, cpa };
	u32 scsw[3] = { SCSW0_FC_START };

	guard(mutex)(&css->dev.io_lock);
	memcpy(css->dev.region.orb_area, orb, sizeof(orb));
	memcpy(css->dev.region.scsw_area, scsw, sizeof(scsw));
	return vccw_request_start(&css->dev);
}

void fake_goto(struct fake_css *css, enum vccw_state state)
{
	if (state == VCCW_STATE_CLOSED)
		return;
	KUNIT_ASSERT_EQ(css->test, fake_event(css, VCCW_EVENT_OPEN), 0);
	if (state == VCCW_STATE_BUSY || state == VCCW_STATE_QUIESCING)
		KUNIT_ASSERT_EQ(css->test, fake_start(css, FAKE_CPA), 0);
	if (state == VCCW_STATE_QUIESCING)
		KUNIT_ASSERT_EQ(css->test, fake_event(css, VCCW_EVENT_QUIESCE), 0);
	if (state == VCCW_STATE_FROZEN)
		KUNIT_ASSERT_EQ(css->test, fake_event(css, VCCW_EVENT_FREEZE), 0);
	if (state == VCCW_STATE_GONE)
		KUNIT_ASSERT_EQ(css->test, fake_event(css, VCCW_EVENT_LOST), 0);
	KUNIT_ASSERT_EQ(css->test, css->dev.state, state);
	css->log[0] = 0;
}

void fake_set_triggers(struct fake_css *css)
{
	struct vfio_irq_set set = {
		.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		.count = 1,
	};
	s32 fd;

	for (fd = 0; fd < VFIO_CCW_NUM_IRQS; fd++) {
		set.index = fd;
		KUNIT_ASSERT_EQ(css->test, vccw_irq_set(&css->dev, &set, &fd), 0);
		atomic_set(&fake_eventfds[fd].signals, 0);
		atomic_set(&fake_eventfds[fd].count, 0);
	}
}

/* --- the device ------------------------------------------------------------------- */

int fake_css_init(struct kunit *test)
{
	struct fake_css *css = kvzalloc(sizeof(*css), GFP_KERNEL);
	struct vccw_device *dev;

	KUNIT_ASSERT_NOT_NULL(test, css);
	eventfd_test = test;
	unmap_css = css;
	memset(fake_eventfds, 0, sizeof(fake_eventfds));
	vccw_wq = alloc_workqueue("vfio_ccw_kunit", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, vccw_wq);
	css->test = test;
	css->lpm = 0xff;
	css->retries = 255;
	css->irq_event = VCCW_EVENT_INTERRUPT;
	hrtimer_setup(&css->timer, fake_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	spin_lock_init(&css->sch.lock);
	css->sch.lpm = 0xf0;
	css->sch.opm = 0xf0;
	css->fm = fm_create();
	KUNIT_ASSERT_NOT_NULL(test, css->fm);
	fm_put(css->fm, FAKE_CPA, 0x0320000000000000ull | 1ull << 32, 8);

	dev = &css->dev;
	dev->sch = &css->sch;
	dev->io = &fake_io_ops;
	dev->state = VCCW_STATE_CLOSED;
	mutex_init(&dev->io_lock);
	init_completion(&dev->rest);
	vccw_migrate_init(dev);
	vccw_request_init(dev);
	vccw_program_init(dev);
	vccw_unmap_init(dev);
	/* memory is the fake one's; this one only counts the programs */
	dev->iotlb = vccw_iotlb_create(&dev->vdev);
	KUNIT_ASSERT_NOT_NULL(test, dev->iotlb);
	cp_init(&dev->cp, &fake_mem_ops, css->fm);
	cp_init(&dev->spare, &fake_mem_ops, css->fm);
	test->priv = css;
	return 0;
}

u8 __user *fake_user(struct kunit *test)
{
	unsigned long at = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, 0);

	KUNIT_ASSERT_FALSE(test, !at || IS_ERR_VALUE(at));
	KUNIT_ASSERT_EQ(test, vm_munmap(at + PAGE_SIZE, PAGE_SIZE), 0);
	return (u8 __user *)at;
}

void fake_css_exit(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct vccw_device *dev;
	u32 i;

	if (!css)
		return;
	dev = &css->dev;
	hrtimer_cancel(&css->timer);
	if (dev->program && dev->state != VCCW_STATE_BUSY && dev->state != VCCW_STATE_QUIESCING)
		KUNIT_FAIL(css->test, "a program in state %d", dev->state);
	scoped_guard(spinlock_irq, &css->sch.lock)
		fsm_program_end(dev);
	if (css->pages)
		KUNIT_FAIL(css->test, "a program is over, and has pages");
	cancel_delayed_work_sync(&dev->follow);
	cancel_delayed_work_sync(&dev->reap);
	vccw_unmap_exit(dev);
	vccw_irq_release(dev);
	for (i = 0; i < FAKE_EVENTFDS; i++)
		if (atomic_read(&fake_eventfds[i].refs))
			KUNIT_FAIL(css->test, "eventfd %u: %d references are left", i,
				   atomic_read(&fake_eventfds[i].refs));
	if (css->fm->nr_errors)
		KUNIT_FAIL(css->test, "%s", css->fm->error);
	vccw_iotlb_close(dev->iotlb);
	vccw_iotlb_destroy(dev->iotlb);
	cp_destroy(&dev->cp);
	cp_destroy(&dev->spare);
	fm_destroy(css->fm);
	destroy_workqueue(vccw_wq);
	kvfree(css);
}
