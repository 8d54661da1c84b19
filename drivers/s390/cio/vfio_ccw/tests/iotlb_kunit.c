// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pin cache over a vfio that keeps account of every pin.
 *
 * The fake back end behaves as type1 does: one pinned page per iova for as long
 * as anybody has it pinned, so that a stale pin of one device comes back in
 * another. iotlb.c is compiled in here a second time, with vfio's functions
 * replaced.
 */
#define NOTRACE
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/prandom.h>
#include <linux/vfio.h>
#include <linux/xarray.h>

static int fake_pin(struct vfio_device *vdev, dma_addr_t iova, int npage, int prot,
		    struct page **pages);
static void fake_unpin(struct vfio_device *vdev, dma_addr_t iova, int npage);
static int fake_dma_rw(struct vfio_device *vdev, dma_addr_t iova, void *data, size_t len,
		       bool write);

#define vfio_pin_pages		fake_pin
#define vfio_unpin_pages	fake_unpin
#define vfio_dma_rw		fake_dma_rw
#define vccw_wq			system_dfl_wq
#define vccw_iotlb_create	kunit_iotlb_create
#define vccw_iotlb_destroy	kunit_iotlb_destroy
#define vccw_iotlb_open		kunit_iotlb_open
#define vccw_iotlb_close	kunit_iotlb_close
#define vccw_iotlb_begin	kunit_iotlb_begin
#define vccw_iotlb_ready	kunit_iotlb_ready
#define vccw_iotlb_end		kunit_iotlb_end
#define vccw_iotlb_reap		kunit_iotlb_reap
#define vccw_iotlb_in_use	kunit_iotlb_in_use
#define vccw_iotlb_give_way	kunit_iotlb_give_way
#define vccw_iotlb_gives_way	kunit_iotlb_gives_way
#define vccw_iotlb_unmap	kunit_iotlb_unmap
#define vccw_iotlb_get_stats	kunit_iotlb_get_stats
#define vccw_iotlb_limits	kunit_iotlb_limits
#define vccw_iotlb_mem_ops	kunit_iotlb_mem_ops
#define vccw_iotlb_exit		kunit_iotlb_exit
#include "../iotlb.c"
#include "../cp/program.h"

#include "fail.h"

/* --- the guest's memory, and who has it pinned --------------------------- */

#define FAKE_DEVICES	3
#define FAKE_FRAMES	512u

struct fake_frame {
	struct page *now;	/* what the guest sees */
	struct page *pinned;	/* what whoever has it pinned sees */
	unsigned long addr;	/* where it is mapped, if it is */
	u32 pins[FAKE_DEVICES];
	bool hole;
	bool read_only;
};

struct fake_vfio {
	struct kunit *test;
	struct fake_frame frame[FAKE_FRAMES];
	struct vfio_device vdev[FAKE_DEVICES];
	struct vccw_iotlb *tlb[FAKE_DEVICES];
	u32 limit;		/* of pinned frames */
	u32 pinned;
	bool foreign;		/* mapped by another task */
	int hole_errno;
	unsigned long ground;	/* some of the mm's memory, to take away */
	u32 pin_calls;
	bool unmap_at_pin;	/* one begins to wait then */
};

static struct fake_vfio *vfio;

static u32 fake_index(const struct vfio_device *vdev)
{
	return vdev - vfio->vdev;
}

static u32 frame_pins(const struct fake_frame *frame)
{
	u32 i, sum = 0;

	for (i = 0; i < FAKE_DEVICES; i++)
		sum += frame->pins[i];
	return sum;
}

static int fake_pin(struct vfio_device *vdev, dma_addr_t iova, int npage, int prot,
		    struct page **pages)
{
	u32 dev = fake_index(vdev), gfn = iova >> PAGE_SHIFT, i, fresh = 0;

	vfio->pin_calls++;
	if (vfio->unmap_at_pin)
		kunit_iotlb_give_way(vfio->tlb[dev], true);
	vfio->unmap_at_pin = false;
	if (offset_in_page(iova) || npage <= 0 || npage > 64)
		KUNIT_FAIL(vfio->test, "pin of %d pages at %llx", npage, (u64)iova);
	for (i = gfn; i < gfn + npage; i++) {
		if (i >= FAKE_FRAMES || vfio->frame[i].hole)
			return vfio->hole_errno;
		if ((prot & IOMMU_WRITE) && vfio->frame[i].read_only)
			return -EPERM;
		fresh += !frame_pins(&vfio->frame[i]);
	}
	if (vfio->pinned + fresh > vfio->limit)
		return -ENOMEM;
	for (i = gfn; i < gfn + npage; i++) {
		struct fake_frame *frame = &vfio->frame[i];

		if (!frame_pins(frame)) {
			frame->pinned = frame->now;
			get_page(frame->pinned);
		}
		frame->pins[dev]++;
		pages[i - gfn] = frame->pinned;
	}
	vfio->pinned += fresh;
	return npage;
}

static void fake_unpin(struct vfio_device *vdev, dma_addr_t iova, int npage)
{
	u32 dev = fake_index(vdev), gfn = iova >> PAGE_SHIFT, i;

	for (i = gfn; i < gfn + npage; i++) {
		if (i >= FAKE_FRAMES || !vfio->frame[i].pins[dev]) {
			KUNIT_FAIL(vfio->test, "frame %x is not pinned by %u", i, dev);
			continue;
		}
		vfio->frame[i].pins[dev]--;
		if (!frame_pins(&vfio->frame[i])) {
			put_page(vfio->frame[i].pinned);
			vfio->frame[i].pinned = NULL;
			vfio->pinned--;
		}
	}
}

static int fake_dma_rw(struct vfio_device *vdev, dma_addr_t iova, void *data, size_t len,
		       bool write)
{
	u32 gfn = iova >> PAGE_SHIFT;

	if (vfio->foreign)
		return -EPERM;
	if (gfn >= FAKE_FRAMES || vfio->frame[gfn].hole || write)
		return -EFAULT;
	memcpy(data, page_address(vfio->frame[gfn].now) + offset_in_page(iova), len);
	return 0;
}

/* the address space loses memory, and the notifier hears of it */
static void move_generation(void)
{
	u8 byte = 1;

	KUNIT_ASSERT_EQ(vfio->test, copy_to_user((void __user *)vfio->ground, &byte, 1), 0);
	KUNIT_ASSERT_EQ(vfio->test, vm_munmap(vfio->ground, PAGE_SIZE), 0);
	vfio->ground = vm_mmap(NULL, vfio->ground, PAGE_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);
	KUNIT_ASSERT_FALSE(vfio->test, IS_ERR_VALUE(vfio->ground));
}

/* memory that has no neighbours to be merged with */
static unsigned long map_apart(u32 pages)
{
	unsigned long addr, inner;

	addr = kunit_vm_mmap(vfio->test, NULL, 0, (pages + 2) * PAGE_SIZE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_FALSE(vfio->test, !addr || IS_ERR_VALUE(addr));
	inner = vm_mmap(NULL, addr + PAGE_SIZE, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);
	KUNIT_ASSERT_EQ(vfio->test, inner, addr + PAGE_SIZE);
	return inner;
}

/* the guest's frame is what is mapped there */
static void place(u32 gfn, unsigned long addr)
{
	struct page *old = vfio->frame[gfn].now;
	u8 byte = 1;

	KUNIT_ASSERT_EQ(vfio->test, copy_to_user((void __user *)addr, &byte, 1), 0);
	KUNIT_ASSERT_EQ(vfio->test,
			get_user_pages_fast(addr, 1, 0, &vfio->frame[gfn].now), 1);
	vfio->frame[gfn].addr = addr;
	put_page(old);
}

static void map_anew(unsigned long addr)
{
	KUNIT_ASSERT_EQ(vfio->test, vm_munmap(addr, PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(vfio->test,
			vm_mmap(NULL, addr, PAGE_SIZE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0), addr);
}

/* the guest's frame gets a new page, of which nobody is told */
static void replace(u32 gfn)
{
	put_page(vfio->frame[gfn].now);
	vfio->frame[gfn].now = alloc_page(GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_NOT_NULL(vfio->test, vfio->frame[gfn].now);
}

/* the same, as a balloon does it */
static void discard(u32 gfn)
{
	if (vfio->frame[gfn].addr) {
		map_anew(vfio->frame[gfn].addr);
		place(gfn, vfio->frame[gfn].addr);
		return;
	}
	replace(gfn);
	move_generation();
}

static u64 hpa_now(u32 gfn)
{
	return page_to_phys(vfio->frame[gfn].now);
}

static u32 pins_of(u32 dev)
{
	u32 gfn, sum = 0;

	for (gfn = 0; gfn < FAKE_FRAMES; gfn++)
		sum += vfio->frame[gfn].pins[dev];
	return sum;
}

/* --- a program of one device ------------------------------------------------ */

static void begin(u32 dev)
{
	kunit_iotlb_begin(vfio->tlb[dev]);
}

/* what the translator does to have a page */
static int use(u32 dev, u32 gfn, bool write, u64 *hpa)
{
	struct cp_ready *table = kunit_iotlb_mem_ops.ready(vfio->tlb[dev]);

	*hpa = table ? cp_ready_hpa(table, gfn, write) : CP_NO_HPA;
	if (*hpa != CP_NO_HPA)
		return 0;
	*hpa = kunit_iotlb_mem_ops.lookup(vfio->tlb[dev], gfn, write);
	if (*hpa != CP_NO_HPA)
		return 0;
	return kunit_iotlb_mem_ops.pin(vfio->tlb[dev], gfn, 1, write, hpa);
}

static bool ready(u32 dev)
{
	return kunit_iotlb_ready(vfio->tlb[dev]);
}

static bool end(u32 dev)
{
	return kunit_iotlb_end(vfio->tlb[dev]);
}

/* a program that reads or writes one page is in flight; its page */
static u64 start(u32 dev, u32 gfn, bool write)
{
	u64 hpa = 0;

	begin(dev);
	KUNIT_EXPECT_EQ(vfio->test, use(dev, gfn, write, &hpa), 0);
	ready(dev);
	return hpa;
}

/* the same, from start to end */
static u64 one(u32 dev, u32 gfn, bool write)
{
	u64 hpa = start(dev, gfn, write);

	end(dev);
	return hpa;
}

/* one that writes ten pages, all of which want the same four places, is in flight */
static void start_ten(u32 dev)
{
	u32 gfn;
	u64 hpa;

	begin(dev);
	for (gfn = 0; gfn < 160; gfn += 16)
		KUNIT_EXPECT_EQ(vfio->test, use(dev, gfn, true, &hpa), 0);
	ready(dev);
}

static struct vccw_iotlb_stats stats_of(u32 dev)
{
	struct vccw_iotlb_stats stats;

	kunit_iotlb_get_stats(vfio->tlb[dev], &stats);
	return stats;
}

/* --- set-up ------------------------------------------------------------------- */

static int iotlb_init(struct kunit *test)
{
	u32 i;

	vfio = kunit_kzalloc(test, sizeof(*vfio), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vfio);
	vfio->test = test;
	vfio->limit = U32_MAX;
	vfio->hole_errno = -EINVAL;
	vfio->ground = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_FALSE(test, !vfio->ground || IS_ERR_VALUE(vfio->ground));
	for (i = 0; i < FAKE_FRAMES; i++) {
		vfio->frame[i].now = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, vfio->frame[i].now);
	}
	iotlb_pages = 64;
	iotlb_idle_ms = 60000;
	iotlb_uses = 1;
	for (i = 0; i < FAKE_DEVICES; i++) {
		vfio->tlb[i] = kunit_iotlb_create(&vfio->vdev[i]);
		KUNIT_ASSERT_NOT_NULL(test, vfio->tlb[i]);
		kunit_iotlb_open(vfio->tlb[i]);
	}
	return 0;
}

static void close_and_check(u32 dev)
{
	kunit_iotlb_close(vfio->tlb[dev]);
	KUNIT_EXPECT_EQ_MSG(vfio->test, pins_of(dev), 0, "device %u closed", dev);
}

static void iotlb_exit(struct kunit *test)
{
	u32 i;

	for (i = 0; i < FAKE_DEVICES; i++) {
		if (!vfio->tlb[i])
			continue;
		close_and_check(i);
		kunit_iotlb_destroy(vfio->tlb[i]);
	}
	KUNIT_EXPECT_EQ(test, vfio->pinned, 0u);
	for (i = 0; i < FAKE_FRAMES; i++)
		if (vfio->frame[i].now)
			put_page(vfio->frame[i].now);
	kunit_iotlb_exit();
}

static void reopen(u32 dev)
{
	kunit_iotlb_close(vfio->tlb[dev]);
	kunit_iotlb_open(vfio->tlb[dev]);
}

/* --- cases ---------------------------------------------------------------------- */

static void iotlb_second_use_pins_nothing(struct kunit *test)
{
	u64 hpa = one(0, 5, true);
	u32 calls = vfio->pin_calls;

	KUNIT_EXPECT_EQ(test, hpa, hpa_now(5));
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa);
	KUNIT_EXPECT_EQ(test, one(0, 5, false), hpa);
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).misses, 1ull);
}

static void iotlb_discarded_page_is_not_used_again(struct kunit *test)
{
	u64 old = one(0, 5, true);

	discard(5);
	KUNIT_EXPECT_NE(test, hpa_now(5), old);
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	KUNIT_EXPECT_GE(test, stats_of(0).invalidations, 1ull);
	KUNIT_EXPECT_GE(test, stats_of(0).events, 1ull);
}

/* no page of another device may keep type1 from finding the new one */
static void iotlb_discarded_page_is_let_go_by_all_devices(struct kunit *test)
{
	one(0, 5, true);
	one(1, 5, true);
	one(2, 5, false);
	discard(5);
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, one(2, 5, true), hpa_now(5));
}

static void iotlb_stale_page_in_flight_stays_until_its_end(struct kunit *test)
{
	u64 hpa;

	start(0, 5, true);
	discard(5);
	begin(1);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	KUNIT_EXPECT_EQ(test, use(1, 6, true, &hpa), 0);
	ready(1);
	end(1);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	end(0);
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 0u);
}

/* nor is it used again when that program has ended */
static void iotlb_stale_page_in_flight_is_not_kept_by_others(struct kunit *test)
{
	u64 old = start(0, 5, true);

	discard(5);
	/* as without a cache: type1 has one page for an iova */
	KUNIT_EXPECT_EQ(test, one(1, 5, true), old);
	end(0);
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
}

/* and if one handed it on to the next */
static void iotlb_stale_page_is_not_handed_on(struct kunit *test)
{
	start(0, 5, true);
	discard(5);
	start(1, 5, true);
	end(0);
	one(2, 5, true);
	end(1);
	KUNIT_EXPECT_EQ(test, one(2, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, one(2, 5, true), hpa_now(5));
}

static void iotlb_page_without_a_place_is_let_go_by_others(struct kunit *test)
{
	u32 gfn;

	start_ten(0);
	end(0);
	for (gfn = 0; gfn < 160; gfn += 16)
		discard(gfn);
	for (gfn = 0; gfn < 160; gfn += 16)
		KUNIT_EXPECT_EQ(test, one(1, gfn, true), hpa_now(gfn));
}

/* a sibling gets what is left of a program that has ended, if it comes before the reaper */
static void expect_no_leftovers(struct kunit *test)
{
	u32 dev;

	for (dev = 0; dev < 2; dev++)
		reopen(dev);
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 0u);
	discard(5);
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 0u);
}

static void iotlb_leftover_is_not_handed_on(struct kunit *test)
{
	iotlb_uses = 2;
	expect_no_leftovers(test);
}

static void iotlb_leftover_without_cache_is_not_handed_on(struct kunit *test)
{
	iotlb_pages = 0;
	expect_no_leftovers(test);
}

static void iotlb_leftover_of_iommufd_is_not_handed_on(struct kunit *test)
{
	u32 dev;

	for (dev = 0; dev < 2; dev++)
		vfio->vdev[dev].iommufd_access = (void *)&vfio->vdev[dev];
	expect_no_leftovers(test);
}

static void iotlb_leftovers_are_counted_once(struct kunit *test)
{
	u32 gfn, round;
	u64 hpa;

	iotlb_pages = 0;
	reopen(0);
	for (round = 0; round < 3; round++) {
		begin(0);
		for (gfn = 0; gfn < 3; gfn++)
			KUNIT_EXPECT_EQ(test, use(0, gfn, true, &hpa), 0);
		ready(0);
		KUNIT_EXPECT_EQ(test, atomic_read(&vfio->tlb[0]->watch->loose), 1);
		end(0);
	}
	kunit_iotlb_reap(vfio->tlb[0]);
	kunit_iotlb_reap(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(&vfio->tlb[0]->watch->loose), 0);
}

static void iotlb_page_is_kept_at_its_second_use(struct kunit *test)
{
	u32 calls;

	iotlb_uses = 2;
	reopen(0);
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 0u);
	one(0, 6, true);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 0u);
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 1u);
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
}

/* the pages that a program uses for the second time, and no others */
static void iotlb_part_of_a_run_is_kept(struct kunit *test)
{
	static const u32 before[] = { 10, 12, 13, 17 };
	u64 hpa[8];
	u32 i;

	iotlb_uses = 2;
	reopen(0);
	for (i = 0; i < ARRAY_SIZE(before); i++)
		one(0, before[i], true);
	begin(0);
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.pin(vfio->tlb[0], 10, 8, true, hpa), 0);
	ready(0);
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, hpa[i], hpa_now(10 + i));
		KUNIT_EXPECT_EQ(test, vfio->frame[10 + i].pins[0], 1u);
	}
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 4u);
	end(0);
	kunit_iotlb_reap(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, pins_of(0), 4u);
	for (i = 0; i < ARRAY_SIZE(before); i++)
		KUNIT_EXPECT_EQ(test, vfio->frame[before[i]].pins[0], 1u);
}

static void iotlb_file_after_file_evicts_nothing(struct kunit *test)
{
	u32 gfn, calls;

	iotlb_uses = 2;
	reopen(0);
	one(0, 5, true);
	one(0, 5, true);
	for (gfn = 100; gfn < 400; gfn++)
		one(0, gfn, true);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).evictions, 0ull);
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
}

/* what is suspended uses no pages, and goes on with those that the guest has by then */
static void iotlb_resumed_program_gets_the_pages_of_now(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, one(0, 5, true), hpa_now(5));
	start(0, 5, true);
	discard(5);
	KUNIT_EXPECT_EQ(test, start(0, 5, true), hpa_now(5));
	end(0);
}

static void iotlb_page_of_ccws_is_kept_at_once(struct kunit *test)
{
	u32 calls;

	iotlb_uses = 2;
	reopen(0);
	begin(0);
	KUNIT_EXPECT_NOT_NULL(test, kunit_iotlb_mem_ops.peek(vfio->tlb[0], 5));
	calls = vfio->pin_calls;
	KUNIT_EXPECT_NOT_NULL(test, kunit_iotlb_mem_ops.peek(vfio->tlb[0], 5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	ready(0);
	end(0);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 1u);
}

/* a page that was only read is stored to: it has its place already */
static void iotlb_kept_page_gets_more_access_at_once(struct kunit *test)
{
	u32 calls, gfn;

	iotlb_uses = 2;
	reopen(0);
	one(0, 5, false);
	one(0, 5, false);
	/* forgotten */
	for (gfn = 64; gfn < 128; gfn++)
		one(0, gfn, false);
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
}

static void iotlb_placed_page_outlives_events_elsewhere(struct kunit *test)
{
	u32 calls;

	place(5, map_apart(1));
	one(0, 5, true);
	move_generation();
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, stats_of(0).generations, 0ull);
	KUNIT_EXPECT_GE(test, stats_of(0).events, 1ull);
}

static void iotlb_placed_page_goes_with_its_address(struct kunit *test)
{
	u32 round;
	u64 old;

	place(5, map_apart(1));
	for (round = 0; round < 3; round++) {
		old = one(0, 5, true);
		KUNIT_EXPECT_EQ(test, old, hpa_now(5));
		discard(5);
		KUNIT_EXPECT_NE(test, hpa_now(5), old);
		KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	}
	KUNIT_EXPECT_GE(test, stats_of(0).generations, 3ull);
}

/* its neighbours in one run with it, too, since nobody tells them apart */
static void iotlb_placed_run_goes_with_one_address(struct kunit *test)
{
	unsigned long addr = map_apart(8);
	u64 hpa[8];
	u32 i;

	for (i = 0; i < 8; i++)
		place(40 + i, addr + i * PAGE_SIZE);
	begin(0);
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.pin(vfio->tlb[0], 40, 8, true, hpa), 0);
	KUNIT_EXPECT_TRUE(test, ready(0));
	end(0);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 8u);
	move_generation();
	one(0, 40, true);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 8u);
	discard(43);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, one(0, 40 + i, true), hpa_now(40 + i));
}

/* an anonymous page is not where it would be: what happens anywhere matters */
static void iotlb_page_that_is_elsewhere_goes_with_any(struct kunit *test)
{
	unsigned long addr = map_apart(1);
	u8 byte = 1;
	u32 calls;

	place(5, addr);
	map_anew(addr);
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)addr, &byte, 1), 0);
	one(0, 5, true);
	calls = vfio->pin_calls;
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	move_generation();
	one(0, 5, true);
	KUNIT_EXPECT_GT(test, vfio->pin_calls, calls);
}

/* nor is it certain where it is if something moved since the program began */
static void iotlb_page_that_may_have_moved_goes_with_any(struct kunit *test)
{
	u32 calls;
	u64 hpa;

	place(5, map_apart(1));
	begin(0);
	move_generation();
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	KUNIT_EXPECT_FALSE(test, ready(0));
	end(0);
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_GT(test, vfio->pin_calls, calls);
}

/* memory that the guest uses for the first time moves, too: its other pages do not */
static void iotlb_placed_page_outlives_events_beside(struct kunit *test)
{
	unsigned long addr = map_apart(3);
	u32 calls;

	place(4, addr);
	place(5, addr + PAGE_SIZE);
	place(6, addr + 2 * PAGE_SIZE);
	one(0, 5, true);
	discard(4);
	discard(6);
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, stats_of(0).generations, 0ull);
}

/* once the memory moved where a page was kept from, that place is like any other */
static void iotlb_place_of_a_page_is_forgotten(struct kunit *test)
{
	unsigned long addr = map_apart(3);
	u64 generations;
	u32 calls;

	place(5, addr);
	one(0, 5, true);
	discard(5);
	place(6, addr + 2 * PAGE_SIZE);
	one(0, 6, true);
	generations = stats_of(0).generations;
	discard(5);
	calls = vfio->pin_calls;
	KUNIT_EXPECT_EQ(test, one(0, 6, true), hpa_now(6));
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, stats_of(0).generations, generations);
	discard(6);
	KUNIT_EXPECT_EQ(test, one(0, 6, true), hpa_now(6));
}

/* an event over many pages, with the one that is kept at its start, inside, at its end */
static void iotlb_placed_page_goes_with_a_range(struct kunit *test)
{
	static const struct {
		u32 page;	/* that is kept, from where the places begin anew */
		int first;	/* of the event, from there */
		u32 nr;
	} rows[] = {
		{ 0, 0, 2 }, { 0, -1, 2 }, { 0, -3, 4 }, { 2, -3, 6 }, { 0, -1, 3 },
		{ 5, 4, WATCH_PAGES - 1 }, { 5, -1, WATCH_PAGES }, { 5, -5, WATCH_PAGES + 20 },
	};
	u32 row, pages = 3 * WATCH_PAGES;
	unsigned long addr, at;
	u64 generations;

	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		addr = map_apart(pages);
		at = round_up(addr + PAGE_SIZE * WATCH_PAGES / 2, PAGE_SIZE * WATCH_PAGES);
		place(5, at + rows[row].page * PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
		generations = stats_of(0).generations;
		KUNIT_ASSERT_EQ(test, vm_munmap(at + rows[row].first * PAGE_SIZE,
						rows[row].nr * PAGE_SIZE), 0);
		KUNIT_EXPECT_GT_MSG(test, stats_of(0).generations, generations, "row %u", row);
	}
}

/* the event began before the program did, and the page goes after it was pinned */
static void iotlb_page_that_is_being_taken_is_used_once(struct kunit *test)
{
	struct mmu_notifier *mn = &vfio->tlb[0]->watch->mn;
	struct mmu_notifier_range range;
	u32 gfn;

	for (gfn = 5; gfn < 7; gfn++) {
		if (gfn == 5)
			place(gfn, map_apart(1));
		range.start = vfio->frame[gfn].addr;
		range.end = range.start + PAGE_SIZE;
		watch_start(mn, &range);
		KUNIT_EXPECT_EQ(test, one(0, gfn, true), hpa_now(gfn));
		replace(gfn);
		KUNIT_EXPECT_EQ(test, one(0, gfn, true), hpa_now(gfn));
		watch_end(mn, &range);
		KUNIT_EXPECT_EQ(test, one(0, gfn, true), hpa_now(gfn));
	}
}

/* nor is it handed on by the device that has not let it go yet */
static void iotlb_page_that_is_being_taken_is_not_handed_on(struct kunit *test)
{
	struct mmu_notifier *mn = &vfio->tlb[0]->watch->mn;
	struct mmu_notifier_range range = { .end = PAGE_SIZE };

	watch_start(mn, &range);
	one(0, 5, true);
	replace(5);
	KUNIT_EXPECT_EQ(test, one(1, 5, true), hpa_now(5));
	watch_end(mn, &range);
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
}

static void iotlb_move_while_translating_is_told(struct kunit *test)
{
	u64 hpa;

	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	KUNIT_EXPECT_TRUE(test, ready(0));
	end(0);
	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	discard(5);
	KUNIT_EXPECT_FALSE(test, ready(0));
	end(0);
	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	KUNIT_EXPECT_TRUE(test, ready(0));
	KUNIT_EXPECT_EQ(test, hpa, hpa_now(5));
	end(0);
}

static void iotlb_holds_no_more_than_its_table(struct kunit *test)
{
	u32 gfn;

	for (gfn = 0; gfn < 300; gfn++)
		KUNIT_EXPECT_EQ(test, one(0, gfn, true), hpa_now(gfn));
	KUNIT_EXPECT_LE(test, pins_of(0), 64u);
	KUNIT_EXPECT_GE(test, stats_of(0).evictions, 300ull - 64);
	KUNIT_EXPECT_EQ(test, stats_of(0).pinned, pins_of(0));
}

/* more pages in one place than it has ways: none of them may be evicted in flight */
static void iotlb_program_keeps_all_its_pages(struct kunit *test)
{
	u32 gfn, sum = 0;
	u64 hpa;

	begin(0);
	for (gfn = 0; gfn < FAKE_FRAMES; gfn += 16) {
		KUNIT_EXPECT_EQ(test, use(0, gfn, true, &hpa), 0);
		KUNIT_EXPECT_EQ(test, hpa, hpa_now(gfn));
		sum++;
	}
	ready(0);
	KUNIT_EXPECT_EQ(test, pins_of(0), sum);
	KUNIT_EXPECT_TRUE(test, end(0));
	kunit_iotlb_reap(vfio->tlb[0]);
	KUNIT_EXPECT_LE(test, pins_of(0), 4u);
}

static void iotlb_reap_waits_for_the_program(struct kunit *test)
{
	start_ten(0);
	kunit_iotlb_reap(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, pins_of(0), 10u);
	end(0);
	/* the next program does it, too */
	begin(0);
	KUNIT_EXPECT_LE(test, pins_of(0), 4u);
	ready(0);
	end(0);
}

static void iotlb_recently_used_pages_stay(struct kunit *test)
{
	u32 calls;

	one(0, 0, true);
	one(0, 16, true);
	one(0, 32, true);
	one(0, 48, true);
	one(0, 0, true);
	one(0, 64, true);	/* evicts 16 */
	calls = vfio->pin_calls;
	one(0, 0, true);
	one(0, 32, true);
	one(0, 48, true);
	one(0, 64, true);
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, vfio->frame[16].pins[0], 0u);
}

static void iotlb_write_access_is_asked_for(struct kunit *test)
{
	u64 hpa;

	vfio->frame[5].read_only = true;
	KUNIT_EXPECT_EQ(test, one(0, 5, false), hpa_now(5));
	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), -EPERM);
	KUNIT_EXPECT_EQ(test, use(0, 5, false, &hpa), 0);
	ready(0);
	end(0);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
}

static void iotlb_more_access_does_not_pin_twice(struct kunit *test)
{
	u32 calls;

	one(0, 5, false);
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	calls = vfio->pin_calls;
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
	KUNIT_EXPECT_EQ(test, stats_of(0).pinned, 1u);
}

static bool in_use(u32 dev, u64 first, u64 last)
{
	return kunit_iotlb_in_use(vfio->tlb[dev], first << PAGE_SHIFT,
				  ((last + 1) << PAGE_SHIFT) - 1);
}

/* what the translator marks, as a program is read from there, is not lost */
static void iotlb_mark_of_a_program_costs_no_pin(struct kunit *test)
{
	struct cp_ready *table;
	u64 hpa = 0;
	u32 calls;

	one(0, 5, true);
	calls = vfio->pin_calls;
	table = kunit_iotlb_mem_ops.ready(vfio->tlb[0]);
	KUNIT_ASSERT_NOT_NULL(test, table);
	table->page[5 & table->mask].gfn[1] |= CP_FETCHED;
	begin(0);
	KUNIT_EXPECT_EQ(test, cp_ready_hpa(table, 5, true), CP_NO_HPA);
	KUNIT_EXPECT_EQ(test, cp_ready_hpa(table, 5, false), hpa_now(5));
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	KUNIT_EXPECT_EQ(test, hpa, hpa_now(5));
	KUNIT_EXPECT_EQ(test, cp_ready_hpa(table, 5, true), hpa_now(5));
	ready(0);
	end(0);
	KUNIT_EXPECT_EQ(test, vfio->pin_calls, calls);
}

static void iotlb_unmap_leaves_nothing_of_the_range(struct kunit *test)
{
	u32 gfn;

	for (gfn = 10; gfn < 20; gfn++)
		one(0, gfn, true);
	kunit_iotlb_unmap(vfio->tlb[0], 12ull << PAGE_SHIFT, (15ull << PAGE_SHIFT) - 1);
	for (gfn = 10; gfn < 20; gfn++)
		KUNIT_EXPECT_EQ_MSG(test, vfio->frame[gfn].pins[0], gfn < 12 || gfn > 14,
				    "frame %u", gfn);
	kunit_iotlb_unmap(vfio->tlb[0], 0, U64_MAX);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void iotlb_unmap_of_a_byte_is_of_its_page(struct kunit *test)
{
	one(0, 10, true);
	one(0, 11, true);
	one(0, 12, true);
	kunit_iotlb_unmap(vfio->tlb[0], (11ull << PAGE_SHIFT) + 0x123,
			  (11ull << PAGE_SHIFT) + 0x123);
	KUNIT_EXPECT_EQ(test, vfio->frame[10].pins[0], 1u);
	KUNIT_EXPECT_EQ(test, vfio->frame[11].pins[0], 0u);
	KUNIT_EXPECT_EQ(test, vfio->frame[12].pins[0], 1u);
	kunit_iotlb_unmap(vfio->tlb[0], (10ull << PAGE_SHIFT) + 0xfff, 12ull << PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void iotlb_unmap_takes_pages_without_a_place(struct kunit *test)
{
	start_ten(0);
	KUNIT_EXPECT_TRUE(test, in_use(0, 144, 144));
	end(0);
	kunit_iotlb_unmap(vfio->tlb[0], 144ull << PAGE_SHIFT, (145ull << PAGE_SHIFT) - 1);
	KUNIT_EXPECT_EQ(test, vfio->frame[144].pins[0], 0u);
}

static void iotlb_in_use_is_only_what_is_in_flight(struct kunit *test)
{
	one(0, 7, true);
	KUNIT_EXPECT_FALSE(test, kunit_iotlb_in_use(vfio->tlb[0], 0, U64_MAX));
	start(0, 5, true);
	KUNIT_EXPECT_TRUE(test, kunit_iotlb_in_use(vfio->tlb[0], 0, U64_MAX));
	KUNIT_EXPECT_TRUE(test, in_use(0, 5, 5));
	KUNIT_EXPECT_FALSE(test, in_use(0, 6, 6));
	KUNIT_EXPECT_FALSE(test, in_use(0, 7, 7));
	KUNIT_EXPECT_FALSE(test, in_use(0, 0, 4));
	KUNIT_EXPECT_FALSE(test, kunit_iotlb_in_use(vfio->tlb[1], 0, U64_MAX));
	end(0);
	KUNIT_EXPECT_FALSE(test, kunit_iotlb_in_use(vfio->tlb[0], 0, U64_MAX));
}

/* nothing is asked of vfio that could wait for the user */
static void expect_busy(u32 dev)
{
	u32 calls = vfio->pin_calls, word;
	u64 hpa;

	begin(dev);
	KUNIT_EXPECT_EQ(vfio->test, use(dev, 5 + dev, true, &hpa), 0);
	KUNIT_EXPECT_EQ(vfio->test, use(dev, 20, false, &hpa), -EBUSY);
	KUNIT_EXPECT_NULL(vfio->test, kunit_iotlb_mem_ops.peek(vfio->tlb[dev], 20));
	KUNIT_EXPECT_EQ(vfio->test,
			kunit_iotlb_mem_ops.read(vfio->tlb[dev], 0x14124, &word, 4), -EBUSY);
	ready(dev);
	end(dev);
	KUNIT_EXPECT_EQ(vfio->test, vfio->pin_calls, calls);
}

static void iotlb_gives_way_to_an_unmap(struct kunit *test)
{
	u32 dev;

	for (dev = 0; dev < 2; dev++)
		one(dev, 5 + dev, true);
	kunit_iotlb_give_way(vfio->tlb[0], true);
	kunit_iotlb_give_way(vfio->tlb[0], true);
	expect_busy(0);
	expect_busy(1);
	kunit_iotlb_give_way(vfio->tlb[1], true);
	kunit_iotlb_give_way(vfio->tlb[0], false);
	expect_busy(0);
	kunit_iotlb_give_way(vfio->tlb[1], false);
	kunit_iotlb_give_way(vfio->tlb[1], false);
	for (dev = 0; dev < 2; dev++)
		KUNIT_EXPECT_EQ(test, one(dev, 20, false), hpa_now(20));
}

/* an unmap may come before a device is open, and be done when it is closed */
static void iotlb_gives_way_to_an_unmap_across_close(struct kunit *test)
{
	atomic_t *unmaps = &vfio->tlb[1]->watch->unmaps;

	kunit_iotlb_give_way(vfio->tlb[0], true);
	kunit_iotlb_close(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, one(1, 20, false), hpa_now(20));
	kunit_iotlb_open(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(unmaps), 1);
	kunit_iotlb_close(vfio->tlb[0]);
	kunit_iotlb_give_way(vfio->tlb[0], false);
	kunit_iotlb_open(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(unmaps), 0);
	KUNIT_EXPECT_EQ(test, one(0, 21, false), hpa_now(21));
}

/* it comes while one is waiting for a page: that one is the last */
static void iotlb_gives_way_between_two_pages(struct kunit *test)
{
	u64 hpa;

	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	vfio->unmap_at_pin = true;
	KUNIT_EXPECT_EQ(test, use(0, 6, true, &hpa), 0);
	KUNIT_EXPECT_EQ(test, use(0, 7, true, &hpa), -EBUSY);
	ready(0);
	end(0);
	kunit_iotlb_unmap(vfio->tlb[0], 0, U64_MAX);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
	kunit_iotlb_give_way(vfio->tlb[0], false);
}

static void iotlb_gives_way_when_locked_memory_runs_out(struct kunit *test)
{
	u32 gfn;

	for (gfn = 0; gfn < 10; gfn++)
		one(0, gfn, true);
	for (gfn = 10; gfn < 20; gfn++)
		one(1, gfn, true);
	vfio->limit = 20;
	KUNIT_EXPECT_EQ(test, one(0, 30, true), hpa_now(30));
	/* the siblings' pages, too */
	vfio->limit = 1;
	KUNIT_EXPECT_EQ(test, one(2, 31, true), hpa_now(31));
	KUNIT_EXPECT_EQ(test, vfio->pinned, 1u);
}

static void iotlb_locked_memory_in_flight_is_not_taken(struct kunit *test)
{
	u64 hpa;

	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 1, true, &hpa), 0);
	KUNIT_EXPECT_EQ(test, use(0, 2, true, &hpa), 0);
	vfio->limit = 2;
	KUNIT_EXPECT_EQ(test, use(0, 3, true, &hpa), -ENOMEM);
	ready(0);
	KUNIT_EXPECT_EQ(test, vfio->frame[1].pins[0], 1u);
	KUNIT_EXPECT_EQ(test, vfio->frame[2].pins[0], 1u);
	begin(1);
	KUNIT_EXPECT_EQ(test, use(1, 3, true, &hpa), -ENOMEM);
	ready(1);
	end(1);
	end(0);
	KUNIT_EXPECT_EQ(test, one(1, 3, true), hpa_now(3));
}

/* while the rest of a suspended program is translated it may be halted, or lost */
static void iotlb_program_that_ends_while_translated_keeps_its_pages(struct kunit *test)
{
	u32 gfn;
	u64 hpa;

	begin(0);
	KUNIT_EXPECT_NOT_NULL(test, kunit_iotlb_mem_ops.peek(vfio->tlb[0], 20));
	end(0);
	vfio->limit = 1;
	KUNIT_EXPECT_EQ(test, use(0, 30, true, &hpa), -ENOMEM);
	KUNIT_EXPECT_EQ(test, vfio->frame[20].pins[0], 1u);
	vfio->limit = U32_MAX;
	/* more than there is room for where that one is */
	for (gfn = 36; gfn < 36 + 5 * 16; gfn += 16)
		KUNIT_EXPECT_EQ(test, use(0, gfn, true, &hpa), 0);
	for (gfn = 20; gfn < 36 + 5 * 16; gfn += 16)
		KUNIT_EXPECT_EQ(test, vfio->frame[gfn].pins[0], 1u);
	ready(0);
	vfio->limit = 1;
	KUNIT_EXPECT_EQ(test, one(1, 30, true), hpa_now(30));
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void iotlb_leftovers_of_a_program_that_ends_while_translated_stay(struct kunit *test)
{
	u64 hpa;

	iotlb_pages = 0;
	reopen(0);
	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 20, true, &hpa), 0);
	end(0);
	vfio->limit = 1;
	KUNIT_EXPECT_EQ(test, use(0, 30, true, &hpa), -ENOMEM);
	KUNIT_EXPECT_EQ(test, vfio->frame[20].pins[0], 1u);
	ready(0);
	KUNIT_EXPECT_EQ(test, one(1, 30, true), hpa_now(30));
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void iotlb_leftovers_give_way_when_locked_memory_runs_out(struct kunit *test)
{
	u64 hpa;

	iotlb_pages = 0;
	reopen(0);
	reopen(1);
	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 3, true, &hpa), 0);
	KUNIT_EXPECT_EQ(test, use(0, 4, true, &hpa), 0);
	ready(0);
	end(0);
	vfio->limit = 2;
	KUNIT_EXPECT_EQ(test, one(1, 7, true), hpa_now(7));
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void expect_no_cache(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 0u);
	kunit_iotlb_reap(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
	KUNIT_EXPECT_EQ(test, one(0, 6, true), hpa_now(6));
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
	KUNIT_EXPECT_EQ(test, pins_of(0), 1u);
}

static void iotlb_without_pages_nothing_is_kept(struct kunit *test)
{
	iotlb_pages = 0;
	reopen(0);
	expect_no_cache(test);
}

static void iotlb_without_idle_time_nothing_is_kept(struct kunit *test)
{
	iotlb_idle_ms = 0;
	reopen(0);
	expect_no_cache(test);
}

static void iotlb_anothers_memory_is_not_kept(struct kunit *test)
{
	vfio->foreign = true;
	expect_no_cache(test);
}

static void iotlb_with_iommufd_nothing_is_kept(struct kunit *test)
{
	/* any value that is not NULL: it is not used */
	vfio->vdev[0].iommufd_access = (void *)&vfio->vdev[0];
	reopen(0);
	expect_no_cache(test);
}

static void iotlb_idle_pages_are_let_go(struct kunit *test)
{
	size_t bytes;

	iotlb_idle_ms = 20;
	reopen(0);
	bytes = stats_of(0).bytes;
	one(0, 5, true);
	one(0, 6, true);
	KUNIT_EXPECT_GT(test, stats_of(0).bytes, bytes);
	msleep(500);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 0u);
	KUNIT_EXPECT_EQ(test, stats_of(0).bytes, bytes);
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
}

static void iotlb_what_was_seen_is_forgotten_when_idle(struct kunit *test)
{
	size_t bytes;

	iotlb_uses = 2;
	iotlb_idle_ms = 20;
	reopen(0);
	one(0, 5, true);
	one(0, 5, true);
	bytes = stats_of(0).bytes;
	msleep(500);
	KUNIT_EXPECT_LE(test, stats_of(0).bytes,
			bytes - 64 * (sizeof(struct cp_page) + sizeof(u32)));
	one(0, 5, true);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 0u);
	KUNIT_EXPECT_EQ(test, stats_of(0).bytes, bytes);
}

static void iotlb_idle_pages_in_flight_stay(struct kunit *test)
{
	iotlb_idle_ms = 20;
	reopen(0);
	start(0, 5, true);
	msleep(300);
	KUNIT_EXPECT_EQ(test, vfio->frame[5].pins[0], 1u);
	end(0);
	msleep(500);
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

/* a translation has the lock, and may have it for long */
static void iotlb_counters_are_read_meanwhile(struct kunit *test)
{
	u64 hpa;

	begin(0);
	KUNIT_EXPECT_EQ(test, use(0, 5, true, &hpa), 0);
	KUNIT_EXPECT_EQ(test, stats_of(0).pinned, 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).cached, 1u);
	KUNIT_EXPECT_EQ(test, stats_of(0).misses, 1ull);
	ready(0);
	end(0);
}

static void iotlb_errors_are_the_translators(struct kunit *test)
{
	static const struct { int vfio, cp; } row[] = {
		{ -EINVAL, -EINVAL }, { -EFAULT, -EFAULT }, { -ENOENT, -EINVAL },
		{ -EOVERFLOW, -EINVAL }, { -EHWPOISON, -EFAULT }, { -ENOMEM, -ENOMEM },
	};
	u64 hpa;
	u32 i;

	vfio->frame[9].hole = true;
	for (i = 0; i < ARRAY_SIZE(row); i++) {
		vfio->hole_errno = row[i].vfio;
		begin(0);
		KUNIT_EXPECT_EQ(test, use(0, 9, true, &hpa), row[i].cp);
		ready(0);
		end(0);
	}
	KUNIT_EXPECT_EQ(test, pins_of(0), 0u);
}

static void iotlb_failed_run_keeps_nothing(struct kunit *test)
{
	u64 hpa[8];

	vfio->frame[13].hole = true;
	begin(0);
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.pin(vfio->tlb[0], 10, 8, true, hpa), -EINVAL);
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.pin(vfio->tlb[0], 10, 3, true, hpa), 0);
	KUNIT_EXPECT_EQ(test, hpa[2], hpa_now(12));
	ready(0);
	end(0);
	KUNIT_EXPECT_EQ(test, pins_of(0), 3u);
}

static void iotlb_read_sees_the_guests_bytes(struct kunit *test)
{
	u32 word = 0;

	*(u32 *)(page_address(vfio->frame[20].now) + 0x124) = 0x600df00d;
	begin(0);
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.read(vfio->tlb[0], 0x14124, &word, 4), 0);
	KUNIT_EXPECT_EQ(test, word, 0x600df00du);
	vfio->foreign = true;
	word = 0;
	KUNIT_EXPECT_EQ(test, kunit_iotlb_mem_ops.read(vfio->tlb[0], 0x14124, &word, 4), 0);
	KUNIT_EXPECT_EQ(test, word, 0x600df00du);
	vfio->frame[21].hole = true;
	KUNIT_EXPECT_LT(test, kunit_iotlb_mem_ops.read(vfio->tlb[0], 0x15124, &word, 4), 0);
	ready(0);
	end(0);
}

static void iotlb_peek_sees_the_guests_page(struct kunit *test)
{
	const void *p;

	begin(0);
	p = kunit_iotlb_mem_ops.peek(vfio->tlb[0], 20);
	KUNIT_EXPECT_PTR_EQ(test, p, (const void *)page_address(vfio->frame[20].now));
	vfio->frame[21].hole = true;
	KUNIT_EXPECT_NULL(test, kunit_iotlb_mem_ops.peek(vfio->tlb[0], 21));
	ready(0);
	end(0);
	discard(20);
	begin(0);
	p = kunit_iotlb_mem_ops.peek(vfio->tlb[0], 20);
	KUNIT_EXPECT_PTR_EQ(test, p, (const void *)page_address(vfio->frame[20].now));
	ready(0);
	end(0);
}

static void iotlb_arena_memory_has_31_bits(struct kunit *test)
{
	u32 hpa = 0;
	u8 *p;

	p = kunit_iotlb_mem_ops.alloc(vfio->tlb[0], 16384, &hpa);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_LT(test, hpa, 0x80000000u);
	KUNIT_EXPECT_EQ(test, hpa % 4096, 0u);
	KUNIT_EXPECT_EQ(test, (u64)hpa, (u64)virt_to_phys(p));
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, 16384));
	kunit_iotlb_mem_ops.free(vfio->tlb[0], p, 16384);
}

static void iotlb_close_in_flight_lets_all_go(struct kunit *test)
{
	start(0, 5, true);
	close_and_check(0);
	kunit_iotlb_open(vfio->tlb[0]);
	KUNIT_EXPECT_EQ(test, one(0, 5, true), hpa_now(5));
}

/*
 * Every allocation fails once in turn; nothing leaks, and the next program works.
 * Return: how many pages a program did not get.
 */
static u32 fail_every_allocation(struct kunit *test)
{
	u32 gfn, nth, left, failed = 0;
	u64 hpa;

	kunit_needs_failures(test);
	for (nth = 1; nth < 60; nth++) {
		kunit_fail_nth(nth);
		kunit_iotlb_close(vfio->tlb[0]);
		kunit_iotlb_open(vfio->tlb[0]);
		kunit_iotlb_begin(vfio->tlb[0]);
		for (gfn = 0; gfn < 256; gfn += 16)
			if (use(0, gfn, true, &hpa))
				failed++;
		ready(0);
		end(0);
		left = kunit_fail_nth(0);
		KUNIT_EXPECT_EQ(test, one(0, 300, true), hpa_now(300));
		close_and_check(0);
		kunit_iotlb_open(vfio->tlb[0]);
		if (left)
			break;
	}
	KUNIT_EXPECT_GT(test, nth, 1u);
	KUNIT_EXPECT_LT(test, nth, 60u);
	return failed;
}

/* without memory for the cache, all works without; its first set is too small here */
static void iotlb_survives_every_failing_allocation(struct kunit *test)
{
	fail_every_allocation(test);
}

/* without a cache, a page that cannot be noted is not pinned */
static void iotlb_survives_every_failing_allocation_uncached(struct kunit *test)
{
	u32 failed = 0, i;

	vfio->foreign = true;
	/*
	 * There is one allocation of ours, and one in this thread that is not, as a
	 * debug kernel has now and then, may be the one that fails instead.
	 */
	for (i = 0; i < 5 && !failed; i++)
		failed = fail_every_allocation(test);
	KUNIT_EXPECT_GT(test, failed, 0u);
}

/*
 * Programs, discards, unmaps, closes and limits of three devices in an order
 * made from a seed. A program must get the pages that the guest had when it
 * began, unless one that another program in flight began with is stale.
 */
static void random_traffic(struct kunit *test, u32 steps)
{
	unsigned long addr = map_apart(20), apart = map_apart(1);
	bool flying[FAKE_DEVICES] = {};
	struct rnd_state rnd;
	u32 step, dev, gfn, i, other;
	u64 hpa;

	for (i = 0; i < 20; i++)
		place(i, addr + i * PAGE_SIZE);
	place(190, apart);
	prandom_seed_state(&rnd, 20260);
	for (step = 0; step < steps; step++) {
		/* few frames now and then, that they meet */
		u32 frames = step & 512 ? 9 : 200;
		u32 dice = prandom_u32_state(&rnd) % 100;

		dev = prandom_u32_state(&rnd) % FAKE_DEVICES;
		gfn = prandom_u32_state(&rnd) % frames;
		if (dice < 60) {
			if (flying[dev])
				end(dev);
			begin(dev);
			for (i = 0; i < 1 + dice % 7; i++) {
				u32 at = (gfn + i * (1 + dice % 17)) % frames;
				bool excused = false;

				KUNIT_ASSERT_EQ(test, use(dev, at, dice & 1, &hpa), 0);
				for (other = 0; other < FAKE_DEVICES; other++)
					if (other != dev && flying[other] &&
					    vfio->frame[at].pins[other])
						excused = true;
				KUNIT_ASSERT_TRUE_MSG(test, hpa == hpa_now(at) || excused,
						      "step %u: device %u has a stale page",
						      step, dev);
				KUNIT_ASSERT_EQ(test, hpa,
						(u64)page_to_phys(vfio->frame[at].pinned));
			}
			KUNIT_ASSERT_TRUE(test, ready(dev));
			flying[dev] = dice < 30;
			if (!flying[dev])
				end(dev);
		} else if (dice < 75) {
			discard(gfn);
		} else if (dice < 85) {
			if (flying[dev] &&
			    in_use(dev, gfn, gfn + 7)) {
				end(dev);
				flying[dev] = false;
			}
			kunit_iotlb_unmap(vfio->tlb[dev], (u64)gfn << PAGE_SHIFT,
					  ((gfn + 8ull) << PAGE_SHIFT) - 1);
			for (i = gfn; i < gfn + 8; i++)
				KUNIT_ASSERT_EQ_MSG(test, vfio->frame[i].pins[dev], 0u,
						    "step %u: frame %u", step, i);
		} else if (dice < 90) {
			kunit_iotlb_reap(vfio->tlb[dev]);
		} else if (dice < 93) {
			if (flying[dev])
				end(dev);
			flying[dev] = false;
			close_and_check(dev);
			kunit_iotlb_open(vfio->tlb[dev]);
		} else if (flying[dev]) {
			end(dev);
			flying[dev] = false;
		}
		KUNIT_ASSERT_EQ_MSG(test, stats_of(dev).pinned, pins_of(dev), "step %u", step);
	}
}

static void iotlb_random_traffic_sees_the_guests_pages(struct kunit *test)
{
	random_traffic(test, 3000);
}

static void iotlb_random_traffic_with_leftovers_sees_the_guests_pages(struct kunit *test)
{
	u32 dev;

	iotlb_uses = 2;
	for (dev = 0; dev < FAKE_DEVICES; dev++)
		reopen(dev);
	random_traffic(test, 1000);
}

static void iotlb_random_traffic_without_cache_sees_the_guests_pages(struct kunit *test)
{
	u32 dev;

	iotlb_pages = 0;
	for (dev = 0; dev < FAKE_DEVICES; dev++)
		reopen(dev);
	random_traffic(test, 1000);
}

static struct kunit_case iotlb_cases[] = {
	KUNIT_CASE(iotlb_second_use_pins_nothing),
	KUNIT_CASE(iotlb_discarded_page_is_not_used_again),
	KUNIT_CASE(iotlb_discarded_page_is_let_go_by_all_devices),
	KUNIT_CASE(iotlb_stale_page_in_flight_stays_until_its_end),
	KUNIT_CASE(iotlb_stale_page_in_flight_is_not_kept_by_others),
	KUNIT_CASE(iotlb_stale_page_is_not_handed_on),
	KUNIT_CASE(iotlb_page_without_a_place_is_let_go_by_others),
	KUNIT_CASE(iotlb_leftover_is_not_handed_on),
	KUNIT_CASE(iotlb_leftover_without_cache_is_not_handed_on),
	KUNIT_CASE(iotlb_leftover_of_iommufd_is_not_handed_on),
	KUNIT_CASE(iotlb_leftovers_are_counted_once),
	KUNIT_CASE(iotlb_page_is_kept_at_its_second_use),
	KUNIT_CASE(iotlb_part_of_a_run_is_kept),
	KUNIT_CASE(iotlb_file_after_file_evicts_nothing),
	KUNIT_CASE(iotlb_resumed_program_gets_the_pages_of_now),
	KUNIT_CASE(iotlb_page_of_ccws_is_kept_at_once),
	KUNIT_CASE(iotlb_kept_page_gets_more_access_at_once),
	KUNIT_CASE(iotlb_placed_page_outlives_events_elsewhere),
	KUNIT_CASE(iotlb_placed_page_outlives_events_beside),
	KUNIT_CASE(iotlb_place_of_a_page_is_forgotten),
	KUNIT_CASE(iotlb_placed_page_goes_with_its_address),
	KUNIT_CASE(iotlb_placed_page_goes_with_a_range),
	KUNIT_CASE(iotlb_page_that_is_being_taken_is_used_once),
	KUNIT_CASE(iotlb_page_that_is_being_taken_is_not_handed_on),
	KUNIT_CASE(iotlb_placed_run_goes_with_one_address),
	KUNIT_CASE(iotlb_page_that_is_elsewhere_goes_with_any),
	KUNIT_CASE(iotlb_page_that_may_have_moved_goes_with_any),
	KUNIT_CASE(iotlb_move_while_translating_is_told),
	KUNIT_CASE(iotlb_holds_no_more_than_its_table),
	KUNIT_CASE(iotlb_program_keeps_all_its_pages),
	KUNIT_CASE(iotlb_reap_waits_for_the_program),
	KUNIT_CASE(iotlb_recently_used_pages_stay),
	KUNIT_CASE(iotlb_write_access_is_asked_for),
	KUNIT_CASE(iotlb_more_access_does_not_pin_twice),
	KUNIT_CASE(iotlb_mark_of_a_program_costs_no_pin),
	KUNIT_CASE(iotlb_unmap_leaves_nothing_of_the_range),
	KUNIT_CASE(iotlb_unmap_of_a_byte_is_of_its_page),
	KUNIT_CASE(iotlb_unmap_takes_pages_without_a_place),
	KUNIT_CASE(iotlb_in_use_is_only_what_is_in_flight),
	KUNIT_CASE(iotlb_gives_way_to_an_unmap),
	KUNIT_CASE(iotlb_gives_way_to_an_unmap_across_close),
	KUNIT_CASE(iotlb_gives_way_between_two_pages),
	KUNIT_CASE(iotlb_gives_way_when_locked_memory_runs_out),
	KUNIT_CASE(iotlb_locked_memory_in_flight_is_not_taken),
	KUNIT_CASE(iotlb_program_that_ends_while_translated_keeps_its_pages),
	KUNIT_CASE(iotlb_leftovers_of_a_program_that_ends_while_translated_stay),
	KUNIT_CASE(iotlb_leftovers_give_way_when_locked_memory_runs_out),
	KUNIT_CASE(iotlb_without_pages_nothing_is_kept),
	KUNIT_CASE(iotlb_without_idle_time_nothing_is_kept),
	KUNIT_CASE(iotlb_anothers_memory_is_not_kept),
	KUNIT_CASE(iotlb_with_iommufd_nothing_is_kept),
	KUNIT_CASE(iotlb_idle_pages_are_let_go),
	KUNIT_CASE(iotlb_what_was_seen_is_forgotten_when_idle),
	KUNIT_CASE(iotlb_idle_pages_in_flight_stay),
	KUNIT_CASE(iotlb_counters_are_read_meanwhile),
	KUNIT_CASE(iotlb_errors_are_the_translators),
	KUNIT_CASE(iotlb_failed_run_keeps_nothing),
	KUNIT_CASE(iotlb_read_sees_the_guests_bytes),
	KUNIT_CASE(iotlb_peek_sees_the_guests_page),
	KUNIT_CASE(iotlb_arena_memory_has_31_bits),
	KUNIT_CASE(iotlb_close_in_flight_lets_all_go),
	KUNIT_CASE(iotlb_survives_every_failing_allocation),
	KUNIT_CASE(iotlb_survives_every_failing_allocation_uncached),
	KUNIT_CASE_SLOW(iotlb_random_traffic_sees_the_guests_pages),
	KUNIT_CASE_SLOW(iotlb_random_traffic_with_leftovers_sees_the_guests_pages),
	KUNIT_CASE_SLOW(iotlb_random_traffic_without_cache_sees_the_guests_pages),
	{}
};

static struct kunit_suite iotlb_suite = {
	.name = "vfio_ccw_iotlb",
	.init = iotlb_init,
	.exit = iotlb_exit,
	.test_cases = iotlb_cases,
};

kunit_test_suite(iotlb_suite);
