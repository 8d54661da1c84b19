// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host IDALs: counting blocks, reading the guest's IDAWs, naming host pages.
 *
 * A block is what one IDAW names: 2 or 4 KiB, aligned. The guest's size is
 * kept, since two of its 2K blocks need not be neighbours. "Chapter 15,
 * Indirect Data Addressing": the first IDAW names any byte; each further one
 * names the first byte of its block or, for read backward, the last.
 */
#include "program.h"

/* IDAWs for @count bytes from @addr on, upwards or downwards; @count > 0 */
static u32 cp_blocks(u64 addr, u32 count, u32 block, bool back)
{
	u32 in_block = addr & (block - 1);
	u32 in_first = back ? in_block + 1 : block - in_block;

	if (count <= in_first)
		return 1;
	return 1 + (count - in_first + block - 1) / block;
}

/* where block @k of consecutive data at @addr is entered; ~0 below zero */
static u64 cp_entry(u32 addr, u32 k, u32 block, bool back)
{
	u32 start = addr & ~(block - 1);

	if (!k)
		return addr;
	if (!back)
		return (u64)start + (u64)k * block;
	if (start < (k - 1) * block + 1)
		return ~0ULL;
	return (u64)start - (u64)(k - 1) * block - 1;
}

/**
 * cp_read_idaw() - one IDAW of the guest
 * @walk: the translation
 * @list: the guest's IDAL
 * @k: which
 * @addr: the address it names
 *
 * Return: whether there is a well-formed IDAW.
 */
static bool cp_read_idaw(struct cp_walk *walk, u32 list, u32 k, u64 *addr)
{
	u32 size = walk->ida64 ? 8 : 4;
	u64 gpa = (u64)list + (u64)k * size;
	const void *p;

	if (gpa % size || gpa >= walk->limit)
		return false;
	p = cp_window_at(walk->cp, &walk->idal, gpa);
	if (!p)
		return false;
	if (walk->ida64) {
		*addr = be64_to_cpu(READ_ONCE(*(const __be64 *)p));
		return true;
	}
	*addr = be32_to_cpu(READ_ONCE(*(const __be32 *)p));
	return !(*addr >> 31);
}

/* may @addr be named by an IDAW that is not the first of its list? */
static bool cp_on_edge(u64 addr, u32 block, bool back)
{
	return (addr & (block - 1)) == (back ? block - 1 : 0);
}

/* is it the page and the IDAW after those of @miss? */
static bool cp_miss_goes_on(const struct cp_walk *walk, const struct cp_miss *miss, u64 addr,
			    const __be64 *idaw, bool write)
{
	return miss->idaw + miss->nr == idaw && !(addr % CP_FRAME) &&
	       miss->gfn + miss->nr == addr / CP_FRAME && miss->nr < CP_RUN &&
	       miss->write == write && miss->spec == walk->spec;
}

static int cp_note_miss(struct cp_walk *walk, u64 addr, __be64 *idaw, bool write)
{
	struct cp *cp = walk->cp;
	struct cp_miss *miss;
	int ret;

	/* the page comes too late to be told from those that the program is read from */
	if (unlikely(cp->apart))
		cp->apart->failed |= write;
	if (cp->nr_misses &&
	    cp_miss_goes_on(walk, &cp->miss[cp->nr_misses - 1], addr, idaw, write)) {
		cp->miss[cp->nr_misses - 1].nr++;
		return 0;
	}
	if (cp->nr_misses == cp->max_misses) {
		ret = cp_grow((void **)&cp->miss, &cp->max_misses, CP_MAX_IDAWS,
			      sizeof(*miss));
		if (ret)
			return ret;
	}
	miss = &cp->miss[cp->nr_misses++];
	miss->gfn = addr / CP_FRAME;
	miss->idaw = idaw;
	miss->nr = 1;
	miss->offset = addr % CP_FRAME;
	miss->write = write;
	miss->spec = walk->spec;
	return 0;
}

/**
 * cp_name() - let an IDAW name a guest address, now or once its page is there
 * @walk: the translation
 * @addr: the guest address
 * @idaw: the host IDAW, or a MIDAW's address
 * @write: the device stores there
 *
 * Return: 0 or a negative errno for lack of memory.
 */
int cp_name(struct cp_walk *walk, u64 addr, __be64 *idaw, bool write)
{
	u64 hpa = cp_hpa(walk, addr / CP_FRAME, write);

	if (likely(hpa != CP_NO_HPA)) {
		*idaw = cpu_to_be64(hpa + addr % CP_FRAME);
		return 0;
	}
	*idaw = cpu_to_be64(CP_POISON_IDAW);
	return cp_note_miss(walk, addr, idaw, write);
}

/*
 * From a bad IDAW on the rest of the list is out of the hardware's reach; one
 * poison stands for all of it.
 */
static void cp_poison(struct cp *cp, __be64 *idaw)
{
	*idaw = cpu_to_be64(CP_POISON_IDAW);
	cp->counts.poisoned++;
}

/**
 * struct cp_list - a host IDAL being filled
 * @idaw: the host IDAL
 * @nr: its IDAWs, the closing poison not counted
 * @k: those that are filled already
 * @addr: the guest CCW's data address: of the data, or of the guest's IDAL
 * @left: bytes for which there is no IDAW yet; kept only if it matters where they are
 * @first: address that the guest's first IDAW names, or @addr
 * @ida: @addr is that of an IDAL
 * @back: read backward
 * @write: the device stores there
 */
struct cp_list {
	__be64 *idaw;
	u32 nr;
	u32 k;
	u32 left;
	u32 addr;
	u64 first;
	bool ida;
	bool back;
	bool write;
};

/* an IDAL of format 2, upwards: as many IDAWs as are in the window, good and ready */
static void cp_fill_listed(struct cp_walk *walk, struct cp_list *list)
{
	u64 off = (u64)list->addr + list->k * sizeof(__be64) - walk->idal.start;
	const __be64 *from = (const void *)(walk->idal.p + off);
	struct cp_ready ready = *walk->ready;
	__be64 *idaw = list->idaw + list->k;
	u32 inner = walk->block - 1;
	bool write = list->write;
	u64 n, max, at, hpa;

	if (off >= walk->idal.len)
		return;
	max = min_t(u64, list->nr - list->k, (walk->idal.len - off) / sizeof(*from));
	for (n = 0; n < max; n++) {
		at = be64_to_cpu(READ_ONCE(from[n]));
		if (at & inner)
			break;
		hpa = cp_ready_hpa(&ready, at / CP_FRAME, write);
		if (hpa == CP_NO_HPA)
			break;
		idaw[n] = cpu_to_be64(hpa + at % CP_FRAME);
	}
	walk->ready->hits = ready.hits;
	list->k += n;
}

/* the guest address that IDAW k of the host is to name; false if there is none */
static bool cp_list_address(struct cp_walk *walk, const struct cp_list *list, u64 *at)
{
	*at = list->first;
	if (!list->ida) {
		*at = cp_entry(list->addr, list->k, walk->block, list->back);
		return *at < walk->limit;
	}
	return !list->k || (cp_read_idaw(walk, list->addr, list->k, at) &&
			    cp_on_edge(*at, walk->block, list->back));
}

/* the IDAW at hand lets the device store from @at on */
static void cp_list_stores(struct cp_walk *walk, struct cp_list *list, u64 at)
{
	u32 in_block = at & (walk->block - 1);
	u32 n = min(list->left, list->back ? in_block + 1 : walk->block - in_block);

	list->left -= n;
	if (n)
		cp_change_stores(walk, list->back ? at - n + 1 : at, n);
}

static int cp_fill_idal(struct cp_walk *walk, struct cp_list *list)
{
	u64 at;
	int ret;

	while (list->k < list->nr) {
		if (!cp_list_address(walk, list, &at)) {
			cp_poison(walk->cp, list->idaw + list->k);
			return 0;
		}
		ret = cp_name(walk, at, list->idaw + list->k, list->write);
		if (ret)
			return ret;
		list->k++;
		if (unlikely(walk->changes) && list->write && list->ida)
			cp_list_stores(walk, list, at);
		if (list->ida && walk->ida64 && !list->back && !walk->changes)
			cp_fill_listed(walk, list);
	}
	list->idaw[list->nr] = cpu_to_be64(CP_POISON_IDAW);
	return 0;
}

/* IDAWs for consecutive frames, as many as are ready: neighbours in the table, too */
static u32 cp_fill_ready(struct cp_ready *ready, u64 gfn, u32 nr, bool write, __be64 *idaw)
{
	u64 at = gfn & ready->mask;
	struct cp_page *page = &ready->page[at];
	u32 max = min_t(u64, nr, ready->mask + 1 - at);
	u32 seq = ready->seq, left;

	for (left = max; left && page->gfn[write] == gfn; left--, page++, gfn++) {
		page->seq = seq;
		*idaw++ = cpu_to_be64(page->hpa);
	}
	ready->hits += max - left;
	return max - left;
}

/* the same for frames that were pinned ahead */
static u32 cp_fill_ahead(const struct cp_ahead *ahead, u64 gfn, u32 nr, bool write, __be64 *idaw)
{
	u64 from = gfn - ahead->gfn;
	u32 i;

	if (from >= ahead->nr || ahead->write < write)
		return 0;
	nr = min_t(u64, nr, ahead->nr - from);
	for (i = 0; i < nr; i++)
		idaw[i] = cpu_to_be64(ahead->hpa[from + i]);
	return nr;
}

/* and for both, one after the other */
static bool cp_fill_late(struct cp_walk *walk, u64 gfn, u32 nr, bool write, __be64 *idaw)
{
	u32 k = 0, n;

	do {
		n = cp_fill_ahead(&walk->cp->ahead, gfn + k, nr - k, write, idaw + k);
		n += cp_fill_ready(walk->ready, gfn + k + n, nr - k - n, write, idaw + k + n);
		k += n;
	} while (n && k < nr);
	return k == nr;
}

/**
 * cp_idal_ready() - the host IDAL for data in pages that are ready
 * @walk: the translation
 * @addr: the first byte; the data goes up from there
 * @count: bytes, not 0
 * @write: the device stores there
 * @late: look among the pages that were pinned ahead, too
 * @hpa: where the host IDAL is
 *
 * A shortcut for 4K blocks: whatever is not as usual is left to cp_idal_build().
 *
 * Context: any.
 * Return: whether there is a list.
 */
bool cp_idal_ready(struct cp_walk *walk, u32 addr, u32 count, bool write, bool late, u32 *hpa)
{
	u32 in_page = addr % CP_FRAME, nr = (in_page + count + CP_FRAME - 1) / CP_FRAME;
	struct cp *cp = walk->cp;
	__be64 *idaw;

	if (walk->block != CP_FRAME || count > walk->limit - addr)
		return false;
	idaw = cp_arena_idal_room(cp, nr + 1, hpa);
	if (!idaw)
		return false;
	if (unlikely(late) ? !cp_fill_late(walk, addr / CP_FRAME, nr, write, idaw) :
	    cp_fill_ready(walk->ready, addr / CP_FRAME, nr, write, idaw) < nr)
		return false;
	cp_arena_idal_take(cp, nr + 1);
	idaw[0] = cpu_to_be64(be64_to_cpu(idaw[0]) + in_page);
	idaw[nr] = cpu_to_be64(CP_POISON_IDAW);
	cp->counts.idaws += nr;
	return true;
}

/**
 * cp_idal_build() - the host IDAL for the data of one CCW
 * @walk: the translation
 * @addr: data address of the guest CCW: of the data, or of the guest's IDAL
 * @count: bytes, not 0
 * @ida: @addr is that of an IDAL
 * @back: read backward: the data goes down from @addr
 * @write: the device stores there
 * @hpa: where the host IDAL is
 *
 * Addresses that cannot be used become poison; pages that are not ready at
 * once are noted for cp_idal_resolve().
 *
 * Context: may sleep.
 * Return: 0 or a negative errno for lack of memory.
 */
int cp_idal_build(struct cp_walk *walk, u32 addr, u32 count, bool ida, bool back,
		  bool write, u32 *hpa)
{
	struct cp_list list = {
		.addr = addr, .first = addr, .left = count, .ida = ida, .back = back,
		.write = write,
	};
	struct cp *cp = walk->cp;

	if (ida ? !cp_read_idaw(walk, addr, 0, &list.first) : addr >= walk->limit) {
		cp->counts.poisoned++;
		*hpa = cp_fixed_idal(cp, CP_FIXED_POISON);
		return 0;
	}
	list.nr = cp_blocks(list.first, count, walk->block, back);
	list.idaw = cp_arena_idal(cp, list.nr + 1, hpa);
	if (!list.idaw) {
		if (!cp->counts.limited)
			return -ENOMEM;
		cp->counts.poisoned++;
		*hpa = cp_fixed_idal(cp, CP_FIXED_POISON);
		return 0;
	}
	cp->counts.idaws += list.nr;
	return cp_fill_idal(walk, &list);
}

static int cp_miss_cmp(const void *a, const void *b)
{
	const struct cp_miss *l = a, *r = b;

	if (l->gfn != r->gfn)
		return l->gfn < r->gfn ? -1 : 1;
	return 0;
}

static bool cp_misses_are_sorted(const struct cp *cp)
{
	u32 i;

	for (i = 1; i < cp->nr_misses; i++)
		if (cp->miss[i].gfn < cp->miss[i - 1].gfn)
			return false;
	return true;
}

/* is there a page of several misses of which one has more than that page? */
static bool cp_misses_overlap(const struct cp *cp)
{
	const struct cp_miss *miss = cp->miss;
	u32 i;

	for (i = 1; i < cp->nr_misses; i++)
		if (miss[i].gfn < miss[i - 1].gfn + miss[i - 1].nr &&
		    (miss[i].nr > 1 || miss[i - 1].nr > 1))
			return true;
	return false;
}

/* one miss for each page; the array has room for all IDAWs, if need be */
static int cp_split_misses(struct cp *cp)
{
	u32 i, k, to, all = 0;
	struct cp_miss one;
	int ret;

	for (i = 0; i < cp->nr_misses; i++)
		all += cp->miss[i].nr;
	while (cp->max_misses < all) {
		ret = cp_grow((void **)&cp->miss, &cp->max_misses, CP_MAX_IDAWS,
			      sizeof(*cp->miss));
		if (ret)
			return ret;
	}
	for (i = cp->nr_misses, to = all; i--; ) {
		one = cp->miss[i];
		for (k = one.nr; k--; ) {
			cp->miss[--to] = (struct cp_miss) {
				.gfn = one.gfn + k, .idaw = one.idaw + k, .nr = 1,
				.offset = k ? 0 : one.offset,
				.write = one.write, .spec = one.spec,
			};
		}
	}
	cp->nr_misses = all;
	return 0;
}

/* consecutive CCWs name consecutive pages, most of the time */
static int cp_sort_misses(struct cp *cp)
{
	int ret;

	if (!cp_misses_are_sorted(cp))
		sort(cp->miss, cp->nr_misses, sizeof(*cp->miss), cp_miss_cmp, NULL);
	if (likely(!cp_misses_overlap(cp)))
		return 0;
	ret = cp_split_misses(cp);
	if (!ret)
		sort(cp->miss, cp->nr_misses, sizeof(*cp->miss), cp_miss_cmp, NULL);
	return ret;
}

/*
 * Misses of the same page or, if it has several, just one: [from, end). Does any of
 * them store, is none of them sure?
 */
static u32 cp_same_page(const struct cp_walk *walk, u32 from, bool *write, bool *spec)
{
	const struct cp *cp = walk->cp;
	u32 end = from;

	*write = false;
	*spec = !walk->certain;
	do {
		*write |= cp->miss[end].write;
		*spec &= cp->miss[end].spec;
		end++;
	} while (end < cp->nr_misses && cp->miss[end].gfn == cp->miss[from].gfn);
	return end;
}

/* where page @k of a miss is named */
static void cp_patch_one(struct cp_miss *miss, u32 k, u64 hpa)
{
	miss->idaw[k] = cpu_to_be64(k ? hpa : hpa + miss->offset);
}

/* IDAWs of [from, end) that name page @k of it, at @hpa; only readers, or all of them */
static void cp_patch(struct cp *cp, u32 from, u32 end, u32 k, u64 hpa, bool readers)
{
	for (; from < end; from++)
		if (!readers || !cp->miss[from].write)
			cp_patch_one(&cp->miss[from], k, hpa);
}

/*
 * A page that may never be needed may be missing for want of resources, but not since
 * somebody is in the way just now.
 */
static bool cp_is_fatal(int err, bool spec)
{
	return !cp_is_address_error(err) && (!spec || err == -EBUSY);
}

/*
 * A page that could not be pinned the way all its users want it: readers may
 * still have it if it is read-only, and writers then get a protection check.
 */
static int cp_resolve_alone(struct cp *cp, u32 from, u32 end, u32 k, bool write, bool spec)
{
	u64 gfn = cp->miss[from].gfn + k, hpa;
	u32 i, readers = 0;
	int ret, read_ret;

	ret = cp->ops->pin(cp->mem, gfn, 1, write, &hpa);
	if (!ret) {
		cp_patch(cp, from, end, k, hpa, false);
		return 0;
	}
	if (cp_is_fatal(ret, spec))
		return ret;
	cp->counts.poisoned += end - from;
	if (ret != -EPERM || !write)
		return 0;
	for (i = from; i < end; i++) {
		if (cp->miss[i].write)
			cp->miss[i].idaw[k] = cpu_to_be64(CP_POISON_PROT);
		else
			readers++;
	}
	if (!readers)
		return 0;
	read_ret = cp->ops->pin(cp->mem, gfn, 1, false, &hpa);
	if (read_ret)
		return cp_is_fatal(read_ret, spec) ? read_ret : 0;
	cp->counts.poisoned -= readers;
	cp_patch(cp, from, end, k, hpa, true);
	return 0;
}

/*
 * Misses of consecutive pages with the same access. Those of group i, which are of one
 * page or of all that a single miss has, are [edge[i], edge[i + 1]).
 */
struct cp_run {
	u32 groups;
	u32 pages;
	bool write;
	bool spec;
	u32 edge[CP_RUN + 1];
};

/* the longest run from miss @from on */
static void cp_next_run(const struct cp_walk *walk, u32 from, struct cp_run *run)
{
	const struct cp *cp = walk->cp;
	u64 gfn = cp->miss[from].gfn;
	bool write, spec;
	u32 end;

	run->edge[0] = from;
	run->groups = 0;
	run->pages = 0;
	while (from < cp->nr_misses && cp->miss[from].gfn == gfn + run->pages &&
	       run->pages + cp->miss[from].nr <= CP_RUN) {
		end = cp_same_page(walk, from, &write, &spec);
		if (!run->groups) {
			run->write = write;
			run->spec = spec;
		} else if (run->write != write || run->spec != spec) {
			break;
		}
		run->pages += cp->miss[from].nr;
		run->edge[++run->groups] = end;
		from = end;
	}
}

static void cp_patch_run(struct cp *cp, const struct cp_run *run, const u64 *hpa)
{
	u32 i, k, nr;

	for (i = 0; i < run->groups; i++, hpa += nr) {
		nr = cp->miss[run->edge[i]].nr;
		for (k = 0; k < nr; k++)
			cp_patch(cp, run->edge[i], run->edge[i + 1], k, hpa[k], false);
	}
}

static int cp_resolve_run(struct cp *cp, const struct cp_run *run)
{
	u64 hpa[CP_RUN];
	u32 i, k;
	int ret;

	ret = cp->ops->pin(cp->mem, cp->miss[run->edge[0]].gfn, run->pages, run->write, hpa);
	if (!ret) {
		cp_patch_run(cp, run, hpa);
		return 0;
	}
	if (cp_is_fatal(ret, run->spec))
		return ret;
	for (i = 0; i < run->groups; i++) {
		for (k = 0; k < cp->miss[run->edge[i]].nr; k++) {
			ret = cp_resolve_alone(cp, run->edge[i], run->edge[i + 1], k,
					       run->write, run->spec);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/**
 * cp_idal_resolve() - get the pages that were not ready at first sight
 * @walk: the translation, its IDALs complete but for those pages
 *
 * Each page is asked for once, consecutive pages together.
 *
 * Context: may sleep.
 * Return: 0 or what pin() said for lack of resources.
 */
int cp_idal_resolve(struct cp_walk *walk)
{
	struct cp *cp = walk->cp;
	struct cp_run run;
	u32 from;
	int ret;

	if (!cp->nr_misses)
		return 0;
	for (from = 0; from < cp->nr_misses; from++)
		cp->counts.misses += cp->miss[from].nr;
	ret = cp_sort_misses(cp);
	if (ret)
		return ret;
	for (from = 0; from < cp->nr_misses; from = run.edge[run.groups]) {
		cp_next_run(walk, from, &run);
		ret = cp_resolve_run(cp, &run);
		if (ret)
			return ret;
	}
	return 0;
}
