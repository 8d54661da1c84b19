// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pin cache: guest frame to pinned host frame.
 *
 * Pinning a page through vfio costs some thousand instructions, using a pinned
 * one again costs thirty. But whoever owns the address space believes that
 * nothing stays pinned between requests: a balloon may take a page from the
 * guest and give it a fresh one later, and a device that still knew the old one
 * would read and write memory that nobody looks at. So a page is used again
 * only if it is certain that it is still the guest's:
 *
 * - A notifier on the address space counts a generation up whenever pages are
 *   taken away, before and after it is done. Each page remembers the generation
 *   in which its program began, which is before it was pinned. A page of another
 *   generation than the present one is never used again. Nor is one that was pinned
 *   between the two counts, as it may have gone since.
 *
 * - An address space at work takes pages away several times a second, and hardly
 *   ever those that are kept: stacks of threads, buffers, what malloc() gives back,
 *   and of the guest's memory pages that it had no use for until now. So there are two
 *   counts, one of all that happens and one of what happens at addresses that pages
 *   are kept from. A page goes by the latter if it is certain where it is mapped, see
 *   iotlb_is_placed(), and by the former otherwise. What kind of event it is does not
 *   matter: there is none among the frequent ones that could be told to leave pages in
 *   place.
 *
 * - vfio's type1 back end hands out one pinned page per iova for as long as
 *   anybody has it pinned. A page that is stale in one device would therefore
 *   come back from pinning in another. So whoever begins a program first lets
 *   the stale pages of all devices of this address space go. Only those that
 *   hardware uses at that time remain, as they would without a cache; until they
 *   have gone nothing is kept.
 *
 * - A page that is not kept stays pinned a little longer than its program, too, as
 *   whoever waits for the status shall not wait for that. Such leftovers are let go
 *   in the same way, with the cache switched off as well.
 *
 * - Only pages of the address space that is watched are kept: see
 *   iotlb_is_watched().
 *
 * To keep a page costs more than to use it once, and a guest that reads file after
 * file into memory that was free uses most pages once. So a page is kept when it is
 * asked for again, see iotlb_is_known(), but for those that CCWs are in.
 *
 * At most one program of a device is in flight, and it has a number. A page
 * that carries the number of the program in flight is in use; no reference is
 * counted, and the end of a program costs nothing.
 *
 * Locks: vccw_watch.lock -> vccw_iotlb.lock -> mmap lock. The second is held from begin
 * to ready, so that another device's clean-up does not come in between. watch_lock is
 * the innermost, and held for a moment only.
 *
 * A user may withhold any of the pages that a translation reads or pins, one after the
 * other, and whoever holds a device's locks meanwhile would keep an unmap from its end. So
 * once an unmap waits, no translation of this address space asks vfio for anything: it
 * fails, as there may be a sibling that waits for its lock, or for its pages to be given
 * back.
 */
#include <linux/atomic.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

static unsigned int iotlb_pages = 4096;
module_param(iotlb_pages, uint, 0644);
MODULE_PARM_DESC(iotlb_pages, "Pages that a device may keep pinned between requests, 0 for none; applies when a device is opened");

static unsigned int iotlb_idle_ms = 5000;
module_param(iotlb_idle_ms, uint, 0644);
MODULE_PARM_DESC(iotlb_idle_ms, "Milliseconds after which an unused page is let go, 0 for no caching; applies when a device is opened");

static unsigned int iotlb_uses = 2;
module_param(iotlb_uses, uint, 0644);
MODULE_PARM_DESC(iotlb_uses, "The use of a page, 1 or 2, from which on it is kept; applies when a device is opened");

/* places in which a frame can be, and bounds for the number of all */
#define IOTLB_WAYS	4u
#define IOTLB_MIN	64u
#define IOTLB_MAX	0x100000u

/* pages handled with one call to vfio; not more than the translator asks for */
#define IOTLB_RUN	64

/* how long an unmapped range is left alone, in jiffies: 10 to 20 ms at 100 Hz */
#define IOTLB_UNMAP_WAIT	2

#define IOTLB_NO_GFN	(~0ULL)

/*
 * The two counts. They go in steps of two, one of them odd, so that the number
 * in a page says by which count it goes.
 */
#define COUNT_PLACED	0
#define COUNT_ALL	1
#define COUNT_STEP	2

/* pages whose addresses are told apart; what is so far from each other is taken for the same */
#define WATCH_PAGES	0x8000u

/**
 * struct vccw_watch - one address space, shared by its devices
 * @mn: tells when pages go away
 * @moving: events between their two counts
 * @gen: counts them, twice each time: before and after
 * @settled: generations of which no stale page is left in any device that was
 *	not in flight
 * @left: devices that kept stale pages, as they were in flight
 * @loose: pages kept that go by %COUNT_ALL, and devices with pages that are not kept
 * @unmaps: devices of which an unmap waits
 * @lock: protects @devices, serialises cleaning up
 * @devices: all &struct vccw_iotlb
 * @placed: addresses that the other pages are kept from, a bit for each page; read and
 *	set without a lock
 */
struct vccw_watch {
	struct mmu_notifier mn;
	atomic_t moving;
	atomic_t gen[2];
	u32 settled[2];
	u32 left;
	atomic_t loose;
	atomic_t unmaps;
	struct mutex lock;	/* devices */
	struct list_head devices;
	DECLARE_BITMAP(placed, WATCH_PAGES);
};

/* consecutive pages, for one call to vfio */
struct iotlb_run {
	u64 gfn;
	u32 nr;
};

/**
 * struct vccw_iotlb - pin cache of a device
 * @ready: the first way of all sets, and the number of the program at hand; the
 *	other ways follow; its page is %NULL as long as nothing is cached
 * @gen: generations of the program at hand
 * @doubt: type1 may hand out a stale page to the program at hand
 * @unlocked: a translation has let go of @lock for a while
 * @active: it may be in flight; cleared without a lock
 * @cached: entries in use
 * @lock: protects all but @active
 * @vdev: for pinning
 * @watch: %NULL if nothing is watched, and so nothing cached
 * @watch_lock: for changing @watch and @first_gen, and whoever uses them without the
 *	device's io_lock
 * @gives_way: an unmap waits, and is counted in @watch
 * @settled: generations of which no stale page is left, but for @left
 * @left: stale pages are left, since they were in use
 * @limits: what holds since the device was opened; as many entries the table has
 * @seen: frames that were asked for lately: one place for each, as many as pages of
 *	the table; %NULL if one time is enough to keep a page
 * @once: pages that are not in the table
 * @nr_once: how many elements
 * @max_once: for how many there is room
 * @idle: looks for such pages
 * @idle_seq: number of the program when it looked last
 * @first_gen: generations when the device was opened
 * @unmap_first: first frame of the range unmapped last
 * @unmap_last: its last frame
 * @unmap_until: nothing of it is pinned before
 * @stats: counters
 * @in_watch: in @watch's devices
 */
struct vccw_iotlb {
	struct cp_ready ready;
	u32 gen[2];
	bool doubt;
	bool unlocked;
	bool active;
	u32 cached;
	struct mutex lock;	/* all but active */
	struct vfio_device *vdev;
	struct vccw_watch *watch;
	spinlock_t watch_lock;	/* watch, first_gen */
	bool gives_way;
	u32 settled[2];
	bool left;
	struct vccw_iotlb_limits limits;
	u32 *seen;
	struct iotlb_run *once;
	u32 nr_once;
	u32 max_once;
	struct delayed_work idle;
	u32 idle_seq;
	u32 first_gen[2];
	u64 unmap_first;
	u64 unmap_last;
	unsigned long unmap_until;
	struct vccw_iotlb_stats stats;
	struct list_head in_watch;
};

/* --- the address space ------------------------------------------------- */

static struct vccw_watch *to_watch(struct mmu_notifier *mn)
{
	return container_of(mn, struct vccw_watch, mn);
}

/* with a full barrier on both sides */
static void watch_count(struct vccw_watch *watch, int count)
{
	atomic_add_return(COUNT_STEP, &watch->gen[count]);
}

/* may pages be kept from there? */
static bool watch_has(const struct vccw_watch *watch, unsigned long start, unsigned long end)
{
	unsigned long first = start >> PAGE_SHIFT, nr = ((end - 1) >> PAGE_SHIFT) - first + 1;
	unsigned long at = first % WATCH_PAGES, to, rest;

	nr = min(nr, WATCH_PAGES);
	to = min(at + nr, WATCH_PAGES);
	rest = nr - (to - at);
	return find_next_bit(watch->placed, to, at) < to ||
	       find_first_bit(watch->placed, rest) < rest;
}

static void watch_move(struct mmu_notifier *mn, unsigned long start, unsigned long end)
{
	struct vccw_watch *watch = to_watch(mn);
	bool placed;

	watch_count(watch, COUNT_ALL);
	placed = watch_has(watch, start, end);
	if (placed)
		watch_count(watch, COUNT_PLACED);
	trace_vfio_ccw_memory(start, end, placed);
}

static int watch_start(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	/* with full barriers, as in watch_end(): before anything is counted, and after */
	atomic_inc_return(&to_watch(mn)->moving);
	watch_move(mn, range->start, range->end);
	return 0;
}

static void watch_end(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	watch_move(mn, range->start, range->end);
	atomic_dec_return(&to_watch(mn)->moving);
}

static void watch_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	watch_move(mn, 0, ULONG_MAX);
}

static struct mmu_notifier *watch_alloc(struct mm_struct *mm)
{
	struct vccw_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL_ACCOUNT);

	if (!watch)
		return ERR_PTR(-ENOMEM);
	atomic_set(&watch->gen[COUNT_ALL], COUNT_ALL);
	mutex_init(&watch->lock);
	INIT_LIST_HEAD(&watch->devices);
	return &watch->mn;
}

static void watch_free(struct mmu_notifier *mn)
{
	kfree(to_watch(mn));
}

static const struct mmu_notifier_ops watch_ops = {
	.invalidate_range_start = watch_start,
	.invalidate_range_end = watch_end,
	.release = watch_release,
	.alloc_notifier = watch_alloc,
	.free_notifier = watch_free,
};

static u32 watch_gen(const struct vccw_watch *watch, int count)
{
	return atomic_read(&watch->gen[count]);
}

static void watch_gens(const struct vccw_watch *watch, u32 *gen)
{
	gen[COUNT_PLACED] = watch_gen(watch, COUNT_PLACED);
	gen[COUNT_ALL] = watch_gen(watch, COUNT_ALL);
}

/* pages will be kept from there */
static void watch_place(struct vccw_watch *watch, unsigned long start, unsigned int n)
{
	unsigned long at = start >> PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!test_bit((at + i) % WATCH_PAGES, watch->placed))
			set_bit((at + i) % WATCH_PAGES, watch->placed);
}

bool vccw_iotlb_gives_way(const struct vccw_iotlb *tlb)
{
	return READ_ONCE(tlb->gives_way) || (tlb->watch && atomic_read(&tlb->watch->unmaps));
}

/* what may wait for the user, and is not done while an unmap waits for us */
static int iotlb_vfio_read(struct vccw_iotlb *tlb, u64 gpa, void *to, size_t len)
{
	return vccw_iotlb_gives_way(tlb) ? -EBUSY : vfio_dma_rw(tlb->vdev, gpa, to, len, false);
}

static int iotlb_vfio_pin(struct vccw_iotlb *tlb, u64 gfn, unsigned int n, int prot,
			  struct page **pages)
{
	return vccw_iotlb_gives_way(tlb) ? -EBUSY :
	       vfio_pin_pages(tlb->vdev, gfn << PAGE_SHIFT, n, prot, pages);
}

/*
 * Is this the address space that @gfn is mapped from? The notifier watches the
 * one of the task that opened the device, but another may have mapped the
 * memory. vfio_dma_rw() of type1 works for the mapping's own task only.
 */
static bool iotlb_is_watched(struct vccw_iotlb *tlb, u64 gfn)
{
	u8 byte;

	return tlb->watch && current->mm == tlb->watch->mn.mm &&
	       !iotlb_vfio_read(tlb, gfn << PAGE_SHIFT, &byte, sizeof(byte));
}

/*
 * Where an anonymous page would be mapped if its mapping had never been moved: a
 * guess, but for a guest's memory a good one.
 */
static unsigned long page_guess(struct page *page)
{
	struct folio *folio = page_folio(page);

	return (folio->index + folio_page_idx(folio, page)) << PAGE_SHIFT;
}

/*
 * Are pages that have just been pinned mapped one after the other in the address
 * space that is watched, there and nowhere else? An anonymous page that can be pinned
 * belongs to one mapping alone (PG_anon_exclusive). So wherever it is found in this
 * address space is where vfio found it, provided that nothing has moved since the
 * program began. This is looked at after its address was noted, with a barrier in
 * between: whoever takes a page away later finds the note. Pages of files may be
 * mapped twice; type1 does not tell which one it means.
 */
static bool iotlb_is_placed(struct vccw_iotlb *tlb, struct page **pages, unsigned int n)
{
	struct page *found[IOTLB_RUN];
	bool same = true;
	unsigned long start;
	int i, nr;

	if (!tlb->watch || current->mm != tlb->watch->mn.mm || !PageAnon(pages[0]))
		return false;
	start = page_guess(pages[0]);
	watch_place(tlb->watch, start, n);
	smp_mb();	/* pairs with watch_start(), watch_count() */
	nr = get_user_pages_fast_only(start, n, 0, found);
	for (i = 0; i < nr; i++) {
		same &= found[i] == pages[i] && PageAnon(found[i]);
		put_page(found[i]);
	}
	return nr == n && same && watch_gen(tlb->watch, COUNT_ALL) == tlb->gen[COUNT_ALL];
}

/* --- entries ------------------------------------------------------------ */

static bool iotlb_is_stale(const struct cp_page *page, const u32 *gen)
{
	return page->gen != gen[page->gen & COUNT_ALL];
}

/*
 * May the program at hand need its pages? Also one that is no longer active does while it
 * is translated: what it goes on from may end meanwhile.
 */
static bool iotlb_needs(const struct vccw_iotlb *tlb)
{
	return READ_ONCE(tlb->active) || tlb->unlocked;
}

static bool iotlb_used(const struct vccw_iotlb *tlb, const struct cp_page *page)
{
	return page->seq == tlb->ready.seq && iotlb_needs(tlb);
}

/* where @gfn can be; each way is one more table, so that the first serves the translator */
static struct cp_page *iotlb_place(const struct vccw_iotlb *tlb, u64 gfn, u32 way)
{
	return &tlb->ready.page[way * (tlb->ready.mask + 1) + (gfn & tlb->ready.mask)];
}

static struct cp_page *iotlb_find(const struct vccw_iotlb *tlb, u64 gfn)
{
	u32 way;

	for (way = 0; way < IOTLB_WAYS; way++)
		if (iotlb_place(tlb, gfn, way)->gfn[0] == gfn)
			return iotlb_place(tlb, gfn, way);
	return NULL;
}

static void iotlb_unpin(struct vccw_iotlb *tlb, struct iotlb_run *run)
{
	if (!run->nr)
		return;
	vfio_unpin_pages(tlb->vdev, run->gfn << PAGE_SHIFT, run->nr);
	tlb->stats.pinned -= run->nr;
	run->nr = 0;
}

/* let a page go, with the next iotlb_unpin() of @run at the latest: neighbours go together */
static void iotlb_drop(struct vccw_iotlb *tlb, struct cp_page *entry, struct iotlb_run *run)
{
	if (entry->gfn[0] != run->gfn + run->nr || run->nr == IOTLB_RUN) {
		iotlb_unpin(tlb, run);
		run->gfn = entry->gfn[0];
	}
	run->nr++;
	if (entry->gen & COUNT_ALL)
		atomic_dec(&tlb->watch->loose);
	memset(entry->gfn, 0xff, sizeof(entry->gfn));
	tlb->cached--;
}

#define iotlb_for_each(tlb, i)						\
	for ((i) = 0; (tlb)->ready.page && (i) < (tlb)->limits.pages; (i)++)

static void iotlb_reap_once(struct vccw_iotlb *tlb)
{
	if (!tlb->nr_once)
		return;
	while (tlb->nr_once)
		iotlb_unpin(tlb, &tlb->once[--tlb->nr_once]);
	if (tlb->watch)
		atomic_dec(&tlb->watch->loose);
}

/* let go all stale pages, but for those in use */
static void iotlb_settle(struct vccw_iotlb *tlb, const u32 *gen)
{
	struct iotlb_run run = {};
	u32 i;

	if (!iotlb_needs(tlb))
		iotlb_reap_once(tlb);
	tlb->left = tlb->nr_once;
	iotlb_for_each(tlb, i) {
		struct cp_page *entry = &tlb->ready.page[i];

		if (entry->gfn[0] == IOTLB_NO_GFN || !iotlb_is_stale(entry, gen))
			continue;
		if (iotlb_used(tlb, entry)) {
			tlb->left = true;
			continue;
		}
		iotlb_drop(tlb, entry, &run);
		tlb->stats.invalidations++;
	}
	iotlb_unpin(tlb, &run);
	memcpy(tlb->settled, gen, sizeof(tlb->settled));
}

/* let go all pages that are not in use and that no program used since @seq */
static void iotlb_trim(struct vccw_iotlb *tlb, u32 seq)
{
	struct iotlb_run run = {};
	u32 i;

	iotlb_for_each(tlb, i) {
		struct cp_page *entry = &tlb->ready.page[i];

		if (entry->gfn[0] == IOTLB_NO_GFN || iotlb_used(tlb, entry) ||
		    (s32)(entry->seq - seq) > 0)
			continue;
		iotlb_drop(tlb, entry, &run);
		tlb->stats.evictions++;
	}
	iotlb_unpin(tlb, &run);
}

static bool watch_is_settled(const struct vccw_watch *watch)
{
	return likely(READ_ONCE(watch->settled[COUNT_PLACED]) == watch_gen(watch, COUNT_PLACED) &&
		      !READ_ONCE(watch->left) &&
		      (!atomic_read(&watch->loose) ||
		       (READ_ONCE(watch->settled[COUNT_ALL]) == watch_gen(watch, COUNT_ALL) &&
			!atomic_read(&watch->moving))));
}

/* let the stale pages of all devices go */
static void watch_settle(struct vccw_watch *watch)
{
	struct vccw_iotlb *tlb;
	u32 left = 0, gen[2];

	guard(mutex)(&watch->lock);
	watch_gens(watch, gen);
	/*
	 * Whatever these addresses were noted for is stale. Before a device keeps pages of
	 * this generation it must have learnt of it, below, under its lock.
	 */
	if (watch->settled[COUNT_PLACED] != gen[COUNT_PLACED])
		bitmap_zero(watch->placed, WATCH_PAGES);
	list_for_each_entry(tlb, &watch->devices, in_watch) {
		guard(mutex)(&tlb->lock);
		if (memcmp(tlb->settled, gen, sizeof(gen)) ||
		    ((tlb->left || tlb->nr_once) && !iotlb_needs(tlb)))
			iotlb_settle(tlb, gen);
		left += tlb->left;
	}
	WRITE_ONCE(watch->left, left);
	WRITE_ONCE(watch->settled[COUNT_PLACED], gen[COUNT_PLACED]);
	WRITE_ONCE(watch->settled[COUNT_ALL], gen[COUNT_ALL]);
}

/* locked memory ran out: let all go that can be missed, here and in the siblings */
static void watch_empty(struct vccw_watch *watch)
{
	struct vccw_iotlb *tlb;

	guard(mutex)(&watch->lock);
	list_for_each_entry(tlb, &watch->devices, in_watch) {
		guard(mutex)(&tlb->lock);
		if (!iotlb_needs(tlb))
			iotlb_reap_once(tlb);
		iotlb_trim(tlb, tlb->ready.seq);
	}
}

static void iotlb_free_table(struct vccw_iotlb *tlb)
{
	kvfree(tlb->ready.page);
	tlb->ready.page = NULL;
	kvfree(tlb->seen);
	tlb->seen = NULL;
}

static void iotlb_idle_work(struct work_struct *work)
{
	struct vccw_iotlb *tlb = container_of(to_delayed_work(work), struct vccw_iotlb, idle);

	guard(mutex)(&tlb->lock);
	iotlb_trim(tlb, tlb->idle_seq);
	/*
	 * Nothing is cached, and nothing was asked for since it looked last. A program
	 * that is being translated has the table even while the lock is let go.
	 */
	if (!tlb->cached && tlb->idle_seq == tlb->ready.seq && !iotlb_needs(tlb)) {
		iotlb_free_table(tlb);
		return;
	}
	tlb->idle_seq = tlb->ready.seq;
	queue_delayed_work(vccw_wq, &tlb->idle, msecs_to_jiffies(tlb->limits.idle_ms));
}

static int iotlb_table(struct vccw_iotlb *tlb)
{
	struct cp_page *page;
	u32 i;

	page = kvmalloc_array(tlb->limits.pages, sizeof(*page), GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;
	/* without memory for it pages are kept at once */
	if (tlb->limits.uses != 1)
		tlb->seen = kvcalloc(tlb->limits.pages, sizeof(*tlb->seen), GFP_KERNEL_ACCOUNT);
	for (i = 0; i < tlb->limits.pages; i++)
		memset(page[i].gfn, 0xff, sizeof(page[i].gfn));
	tlb->ready.page = page;
	tlb->ready.mask = tlb->limits.pages / IOTLB_WAYS - 1;
	tlb->idle_seq = tlb->ready.seq;
	queue_delayed_work(vccw_wq, &tlb->idle, msecs_to_jiffies(tlb->limits.idle_ms));
	return 0;
}

/*
 * An entry for @gfn, if need be one that was not used for longest; %NULL if all
 * are in use by the program that is being translated. It is in the first way, where the
 * translator looks.
 */
static struct cp_page *iotlb_take(struct vccw_iotlb *tlb, u64 gfn, struct iotlb_run *evicted)
{
	struct cp_page *first = iotlb_place(tlb, gfn, 0), *page, *oldest = NULL;
	u32 way;

	for (way = 0; way < IOTLB_WAYS; way++) {
		page = iotlb_place(tlb, gfn, way);
		if (page->gfn[0] == IOTLB_NO_GFN)
			break;
		if (page->seq != tlb->ready.seq &&
		    (!oldest || (s32)(page->seq - oldest->seq) < 0))
			oldest = page;
	}
	if (way == IOTLB_WAYS) {
		if (!oldest)
			return NULL;
		iotlb_drop(tlb, oldest, evicted);
		tlb->stats.evictions++;
		page = oldest;
	}
	if (page != first)
		*page = *first;
	return first;
}

/*
 * Keep a page that has just been pinned. It may be there already, with less
 * access; it was then pinned twice, and it is the same page.
 *
 * Return: whether it is in the table now.
 */
static bool iotlb_keep(struct vccw_iotlb *tlb, u64 gfn, u64 hpa, bool write, u32 gen,
		       struct iotlb_run *evicted)
{
	struct cp_page *entry = iotlb_find(tlb, gfn);

	if (entry) {
		vfio_unpin_pages(tlb->vdev, gfn << PAGE_SHIFT, 1);
		tlb->stats.pinned--;
	} else {
		entry = iotlb_take(tlb, gfn, evicted);
		if (!entry)
			return false;
		entry->gfn[0] = gfn;
		entry->gen = gen;
		if (gen & COUNT_ALL)
			atomic_inc(&tlb->watch->loose);
		tlb->cached++;
	}
	entry->gfn[1] = write ? gfn : IOTLB_NO_GFN;
	entry->hpa = hpa;
	entry->seq = tlb->ready.seq;
	return true;
}

static int iotlb_note_once(struct vccw_iotlb *tlb, u64 gfn, u32 nr)
{
	int ret;

	if (tlb->nr_once == tlb->max_once) {
		ret = cp_grow((void **)&tlb->once, &tlb->max_once, IOTLB_MAX,
			      sizeof(*tlb->once));
		if (ret)
			return -ENOMEM;
	}
	if (!tlb->nr_once && tlb->watch)
		atomic_inc(&tlb->watch->loose);
	tlb->once[tlb->nr_once++] = (struct iotlb_run) { .gfn = gfn, .nr = nr };
	return 0;
}

/* was the frame asked for before? It takes the place of one that was, so it may be forgotten */
static bool iotlb_is_known(struct vccw_iotlb *tlb, u64 gfn)
{
	u32 *seen = &tlb->seen[gfn & (tlb->limits.pages - 1)];
	bool known = *seen == (u32)gfn;

	*seen = gfn;
	return known;
}

/* which of @n pages to keep: a bit for each */
static u64 iotlb_choose(struct vccw_iotlb *tlb, u64 gfn, unsigned int n)
{
	u64 keep = 0;
	unsigned int i;

	if (!tlb->seen)
		return ~0ULL;
	for (i = 0; i < n; i++)
		keep |= (u64)iotlb_is_known(tlb, gfn + i) << i;
	return keep;
}

/* --- what the translator asks for ---------------------------------------- */

static struct cp_ready *iotlb_ready(void *mem)
{
	struct vccw_iotlb *tlb = mem;

	return tlb->ready.page ? &tlb->ready : NULL;
}

/* what is found here and not in the first way is moved there */
static u64 iotlb_lookup(void *mem, u64 gfn, bool write)
{
	struct cp_page *entry, *first;
	struct vccw_iotlb *tlb = mem;

	entry = tlb->ready.page ? iotlb_find(tlb, gfn) : NULL;
	if (!entry || iotlb_is_stale(entry, tlb->gen))
		return CP_NO_HPA;
	if (write) {
		if ((entry->gfn[1] & ~CP_FETCHED) != gfn) {
			/* it stays, and is to say so when it may be stored to */
			if (tlb->seen)
				iotlb_is_known(tlb, gfn);
			return CP_NO_HPA;
		}
		entry->gfn[1] = gfn;
	}
	first = iotlb_place(tlb, gfn, 0);
	if (entry != first)
		swap(*entry, *first);
	first->seq = tlb->ready.seq;
	tlb->ready.hits++;
	return first->hpa;
}

/* those that are there, but not in the right way, are told one by one */
static unsigned int iotlb_missing(void *mem, u64 gfn, unsigned int n, bool write)
{
	struct vccw_iotlb *tlb = mem;
	const struct cp_page *page;
	u64 way = tlb->ready.mask + 1;
	unsigned int i;

	if (!tlb->ready.page)
		return n;
	static_assert(IOTLB_WAYS == 4);
	for (i = 0; i < n; i++, gfn++) {
		page = iotlb_place(tlb, gfn, 0);
		if (page[0].gfn[0] == gfn || page[way].gfn[0] == gfn ||
		    page[2 * way].gfn[0] == gfn || page[3 * way].gfn[0] == gfn)
			break;
	}
	if (i || !n)
		return i;
	return iotlb_lookup(tlb, gfn, write) == CP_NO_HPA;
}

/* vfio's many ways to say that there is no such page, as struct ccw_mem_ops has it */
static int iotlb_errno(int err)
{
	switch (err) {
	case -ENOENT:		/* iommufd: not mapped */
	case -EOVERFLOW:
		return -EINVAL;
	case -EHWPOISON:
		return -EFAULT;
	default:
		return err;
	}
}

static bool iotlb_in_range(u64 gfn, u32 nr, u64 first, u64 last)
{
	return gfn <= last && gfn + nr - 1 >= first;
}

/*
 * Between the notice that a range is to be unmapped and its end type1 lets go of
 * its lock; a page pinned there makes it give notice again, ten times, and then
 * it is a bug. Nobody tells when it is done, so the range is left alone a while.
 */
static void iotlb_wait_unmap(const struct vccw_iotlb *tlb, u64 gfn, unsigned int n)
{
	while (time_before(jiffies, tlb->unmap_until) &&
	       iotlb_in_range(gfn, n, tlb->unmap_first, tlb->unmap_last))
		schedule_timeout_uninterruptible(1);
}

static int iotlb_pin_run(struct vccw_iotlb *tlb, u64 gfn, unsigned int n, bool write,
			 struct page **pages)
{
	int prot = write ? IOMMU_READ | IOMMU_WRITE : IOMMU_READ;
	int ret;

	iotlb_wait_unmap(tlb, gfn, n);
	ret = iotlb_vfio_pin(tlb, gfn, n, prot, pages);
	if (ret == -ENOMEM && tlb->watch) {
		/* what is in use is marked; siblings must be able to do the same */
		tlb->unlocked = true;
		mutex_unlock(&tlb->lock);
		watch_empty(tlb->watch);
		mutex_lock(&tlb->lock);
		tlb->unlocked = false;
		ret = iotlb_vfio_pin(tlb, gfn, n, prot, pages);
	}
	return ret < 0 ? iotlb_errno(ret) : 0;
}

/* can pages be kept? Then @gen is the generation that they go by */
static bool iotlb_may_keep(struct vccw_iotlb *tlb, u64 gfn, struct page **pages, unsigned int n,
			   u32 *gen)
{
	bool placed = iotlb_is_placed(tlb, pages, n);

	*gen = tlb->gen[placed ? COUNT_PLACED : COUNT_ALL];
	return (placed || iotlb_is_watched(tlb, gfn)) && !atomic_read(&tlb->watch->moving);
}

static int iotlb_keep_run(struct vccw_iotlb *tlb, u64 gfn, unsigned int n, bool write,
			  bool at_once, struct page **pages)
{
	bool may = tlb->limits.pages && !tlb->doubt && (tlb->ready.page || !iotlb_table(tlb));
	u64 keep = !may ? 0 : at_once ? ~0ULL : iotlb_choose(tlb, gfn, n);
	struct iotlb_run evicted = {};
	unsigned int i, run;
	int ret = 0;
	u32 gen;

	if (keep && !iotlb_may_keep(tlb, gfn, pages, n, &gen))
		keep = 0;
	for (i = 0; i < n; i += run) {
		run = 1;
		if ((keep >> i & 1) && iotlb_keep(tlb, gfn + i, page_to_phys(pages[i]), write,
						  gen, &evicted))
			continue;
		/* up to the next one that is to be kept */
		if (i + 1 < n)
			run = keep >> (i + 1) ? min(n - i, 1 + (u32)__ffs64(keep >> (i + 1))) :
			      n - i;
		ret = iotlb_note_once(tlb, gfn + i, run);
		if (ret) {
			/* what is kept already stays, as nobody but us knows */
			vfio_unpin_pages(tlb->vdev, (gfn + i) << PAGE_SHIFT, n - i);
			tlb->stats.pinned -= n - i;
			break;
		}
	}
	iotlb_unpin(tlb, &evicted);
	return ret;
}

static int iotlb_pin_pages(struct vccw_iotlb *tlb, u64 gfn, unsigned int n, bool write,
			   bool at_once, u64 *hpa)
{
	struct page *pages[IOTLB_RUN];
	unsigned int i;
	int ret;

	ret = iotlb_pin_run(tlb, gfn, n, write, pages);
	if (ret)
		return ret;
	tlb->stats.misses += n;
	tlb->stats.pinned += n;
	for (i = 0; i < n; i++)
		hpa[i] = page_to_phys(pages[i]);
	return iotlb_keep_run(tlb, gfn, n, write, at_once, pages);
}

static int iotlb_pin(void *mem, u64 gfn, unsigned int n, bool write, u64 *hpa)
{
	return iotlb_pin_pages(mem, gfn, n, write, false, hpa);
}

/* a guest that keeps its CCWs in one place shall not have them copied each time */
static const void *iotlb_peek(void *mem, u64 gfn)
{
	struct vccw_iotlb *tlb = mem;
	u64 hpa;

	if (!tlb->limits.pages)
		return NULL;
	hpa = iotlb_lookup(tlb, gfn, false);
	if (hpa == CP_NO_HPA && iotlb_pin_pages(tlb, gfn, 1, false, true, &hpa))
		return NULL;
	return phys_to_virt(hpa);
}

/*
 * vfio_dma_rw() is the cheaper way if the page is needed only now, but type1
 * refuses it to a task that did not map the memory itself.
 */
static int iotlb_read(void *mem, u64 gpa, void *to, size_t len)
{
	struct vccw_iotlb *tlb = mem;
	u64 hpa;
	int ret;

	if (!iotlb_vfio_read(tlb, gpa, to, len))
		return 0;
	ret = iotlb_pin_pages(tlb, gpa >> PAGE_SHIFT, 1, false, true, &hpa);
	if (!ret)
		memcpy(to, phys_to_virt(hpa + offset_in_page(gpa)), len);
	return ret;
}

/* CCWs and IDALs have 31-bit addresses */
static void *iotlb_alloc(void *mem, size_t size, u32 *hpa)
{
	gfp_t gfp = GFP_KERNEL_ACCOUNT | GFP_DMA | __GFP_ZERO | __GFP_NOWARN;
	void *p = (void *)__get_free_pages(gfp, get_order(size));

	if (p)
		*hpa = virt_to_phys(p);
	return p;
}

static void iotlb_free(void *mem, void *p, size_t size)
{
	free_pages((unsigned long)p, get_order(size));
}

const struct ccw_mem_ops vccw_iotlb_mem_ops = {
	.ready = iotlb_ready,
	.lookup = iotlb_lookup,
	.missing = iotlb_missing,
	.peek = iotlb_peek,
	.read = iotlb_read,
	.pin = iotlb_pin,
	.alloc = iotlb_alloc,
	.free = iotlb_free,
};

/* --- what the device asks for --------------------------------------------- */

struct vccw_iotlb *vccw_iotlb_create(struct vfio_device *vdev)
{
	struct vccw_iotlb *tlb = kzalloc(sizeof(*tlb), GFP_KERNEL_ACCOUNT);

	if (!tlb)
		return NULL;
	tlb->vdev = vdev;
	tlb->unmap_until = jiffies;
	mutex_init(&tlb->lock);
	spin_lock_init(&tlb->watch_lock);
	INIT_LIST_HEAD(&tlb->in_watch);
	INIT_DELAYED_WORK(&tlb->idle, iotlb_idle_work);
	return tlb;
}

void vccw_iotlb_destroy(struct vccw_iotlb *tlb)
{
	kfree(tlb);
}

static void iotlb_set_watch(struct vccw_iotlb *tlb, struct vccw_watch *watch)
{
	guard(spinlock)(&tlb->watch_lock);
	if (tlb->watch && tlb->gives_way)
		atomic_dec(&tlb->watch->unmaps);
	if (watch && tlb->gives_way)
		atomic_inc(&watch->unmaps);
	if (watch)
		watch_gens(watch, tlb->first_gen);
	tlb->watch = watch;
}

void vccw_iotlb_open(struct vccw_iotlb *tlb)
{
	u32 pages = READ_ONCE(iotlb_pages);
	struct vccw_watch *watch;
	struct mmu_notifier *mn;

	tlb->limits.idle_ms = READ_ONCE(iotlb_idle_ms);
	tlb->limits.uses = READ_ONCE(iotlb_uses) == 1 ? 1 : 2;
	tlb->limits.pages = 0;
	if (!current->mm)
		return;
	mn = mmu_notifier_get(&watch_ops, current->mm);
	if (IS_ERR(mn))
		return;
	/* iommufd gives no hint whose memory it maps: iotlb_is_watched() */
	if (pages && tlb->limits.idle_ms && !tlb->vdev->iommufd_access)
		tlb->limits.pages = roundup_pow_of_two(clamp(pages, IOTLB_MIN, IOTLB_MAX));
	watch = to_watch(mn);
	guard(mutex)(&watch->lock);
	scoped_guard(mutex, &tlb->lock) {
		iotlb_set_watch(tlb, watch);
		memcpy(tlb->settled, tlb->first_gen, sizeof(tlb->settled));
		tlb->left = false;
	}
	list_add(&tlb->in_watch, &watch->devices);
}

void vccw_iotlb_close(struct vccw_iotlb *tlb)
{
	struct vccw_watch *watch = tlb->watch;

	if (watch) {
		mutex_lock(&watch->lock);
		list_del_init(&tlb->in_watch);
		mutex_unlock(&watch->lock);
	}
	mutex_lock(&tlb->lock);
	WRITE_ONCE(tlb->active, false);
	iotlb_reap_once(tlb);
	iotlb_trim(tlb, tlb->ready.seq);
	iotlb_set_watch(tlb, NULL);
	mutex_unlock(&tlb->lock);
	cancel_delayed_work_sync(&tlb->idle);
	iotlb_free_table(tlb);
	kvfree(tlb->once);
	tlb->once = NULL;
	tlb->max_once = 0;
	if (watch)
		mmu_notifier_put(&watch->mn);
}

/*
 * A program that was there before is suspended or has ended: nothing uses its pages,
 * and those of them that are stale must go, lest they are pinned here again.
 *
 * The count of all is read before anything else: if all pages of all devices go by
 * the other one there is nothing to settle, and a sibling may be about to keep one
 * that does not.
 */
void vccw_iotlb_begin(struct vccw_iotlb *tlb)
{
	struct vccw_watch *watch = tlb->watch;
	u32 all = 0;

	WRITE_ONCE(tlb->active, false);
	if (watch) {
		all = watch_gen(watch, COUNT_ALL);
		smp_rmb();	/* all before loose */
		if (!watch_is_settled(watch))
			watch_settle(watch);
		tlb->doubt = READ_ONCE(watch->left);
	}
	mutex_lock(&tlb->lock);
	if (unlikely(tlb->nr_once))
		iotlb_reap_once(tlb);
	tlb->gen[COUNT_PLACED] = tlb->settled[COUNT_PLACED];
	tlb->gen[COUNT_ALL] = all;
	tlb->left |= tlb->doubt;
	tlb->ready.seq++;
	WRITE_ONCE(tlb->active, true);
}

bool vccw_iotlb_ready(struct vccw_iotlb *tlb)
{
	bool still = !tlb->limits.pages || watch_gen(tlb->watch, COUNT_ALL) == tlb->gen[COUNT_ALL];

	mutex_unlock(&tlb->lock);
	return still;
}

bool vccw_iotlb_end(struct vccw_iotlb *tlb)
{
	WRITE_ONCE(tlb->active, false);
	return READ_ONCE(tlb->nr_once);
}

void vccw_iotlb_reap(struct vccw_iotlb *tlb)
{
	guard(mutex)(&tlb->lock);
	if (!READ_ONCE(tlb->active))
		iotlb_reap_once(tlb);
}

static bool iotlb_has(const struct cp_page *page, u64 first, u64 last)
{
	return page->gfn[0] != IOTLB_NO_GFN && iotlb_in_range(page->gfn[0], 1, first, last);
}

bool vccw_iotlb_in_use(struct vccw_iotlb *tlb, u64 first, u64 last)
{
	u32 i;

	first >>= PAGE_SHIFT;
	last >>= PAGE_SHIFT;
	guard(mutex)(&tlb->lock);
	if (!READ_ONCE(tlb->active))
		return false;
	for (i = 0; i < tlb->nr_once; i++)
		if (iotlb_in_range(tlb->once[i].gfn, tlb->once[i].nr, first, last))
			return true;
	iotlb_for_each(tlb, i)
		if (iotlb_has(&tlb->ready.page[i], first, last) &&
		    iotlb_used(tlb, &tlb->ready.page[i]))
			return true;
	return false;
}

void vccw_iotlb_give_way(struct vccw_iotlb *tlb, bool give_way)
{
	guard(spinlock)(&tlb->watch_lock);
	if (tlb->watch)
		atomic_add(give_way - tlb->gives_way, &tlb->watch->unmaps);
	WRITE_ONCE(tlb->gives_way, give_way);
}

void vccw_iotlb_unmap(struct vccw_iotlb *tlb, u64 first, u64 last)
{
	struct iotlb_run run = {};
	u32 i;

	first >>= PAGE_SHIFT;
	last >>= PAGE_SHIFT;
	guard(mutex)(&tlb->lock);
	if (!READ_ONCE(tlb->active))
		iotlb_reap_once(tlb);
	iotlb_for_each(tlb, i)
		if (iotlb_has(&tlb->ready.page[i], first, last))
			iotlb_drop(tlb, &tlb->ready.page[i], &run);
	iotlb_unpin(tlb, &run);
	tlb->unmap_first = first;
	tlb->unmap_last = last;
	tlb->unmap_until = jiffies + IOTLB_UNMAP_WAIT;
}

static u32 iotlb_moves(struct vccw_iotlb *tlb, int count)
{
	guard(spinlock)(&tlb->watch_lock);
	if (!tlb->watch)
		return 0;
	return (watch_gen(tlb->watch, count) - tlb->first_gen[count]) / (2 * COUNT_STEP);
}

static size_t iotlb_footprint(const struct vccw_iotlb *tlb)
{
	size_t pages = READ_ONCE(tlb->limits.pages);

	return sizeof(*tlb) + size_mul(READ_ONCE(tlb->max_once), sizeof(*tlb->once)) +
	       (READ_ONCE(tlb->ready.page) ? pages * sizeof(struct cp_page) : 0) +
	       (READ_ONCE(tlb->seen) ? pages * sizeof(*tlb->seen) : 0);
}

/* whoever has tlb->lock may be waiting for the user */
void vccw_iotlb_get_stats(struct vccw_iotlb *tlb, struct vccw_iotlb_stats *stats)
{
	stats->hits = READ_ONCE(tlb->ready.hits);
	stats->misses = READ_ONCE(tlb->stats.misses);
	stats->evictions = READ_ONCE(tlb->stats.evictions);
	stats->invalidations = READ_ONCE(tlb->stats.invalidations);
	stats->pinned = READ_ONCE(tlb->stats.pinned);
	stats->cached = READ_ONCE(tlb->cached);
	stats->generations = iotlb_moves(tlb, COUNT_PLACED);
	stats->events = iotlb_moves(tlb, COUNT_ALL);
	stats->bytes = iotlb_footprint(tlb);
}

const struct vccw_iotlb_limits *vccw_iotlb_limits(const struct vccw_iotlb *tlb)
{
	return &tlb->limits;
}

void vccw_iotlb_exit(void)
{
	mmu_notifier_synchronize();
}
