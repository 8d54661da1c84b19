// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host frames are not neighbours even if their guest frames are, and between
 * two of them there is always a frame that belongs to nobody, so that an
 * address that is off by a page is seen as such.
 */
#include <linux/kernel.h>
#include "fake_mem.h"

#if defined(__SANITIZE_ADDRESS__) && !defined(__KERNEL__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature) && !defined(__KERNEL__)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(p, n) do { (void)(p); (void)(n); } while (0)
#endif

#define GAP		64u	/* poisoned bytes behind each copy of a frame */
#define COPY		(FM_FRAME + GAP)
#define HIGH_BASE	0x1000000ull	/* first host frame for most: 64 GiB */
#define HIGH_XOR	0x2a5a5ull
#define LOW_BASE	0x10000ull	/* for FM_LOW: 256 MiB */
#define LOW_XOR		0x00a5ull
#define LOW_FRAMES	0x10000ull
#define ARENA_BASE	0x40000000u

void fm_error(struct fake_mem *fm, const char *fmt, ...)
{
	va_list args;

	if (fm->nr_errors++)
		return;
	va_start(args, fmt);
	vsnprintf(fm->error, sizeof(fm->error), fmt, args);
	va_end(args);
}

u64 fm_load(const u8 *p, unsigned int size)
{
	u64 v = 0;

	while (size--)
		v = v << 8 | *p++;
	return v;
}

void fm_store(u8 *p, u64 value, unsigned int size)
{
	while (size--) {
		p[size] = (u8)value;
		value >>= 8;
	}
}

struct fake_mem *fm_create(void)
{
	struct fake_mem *fm = kvzalloc(sizeof(*fm), GFP_KERNEL);

	if (fm)
		fm_reset(fm);
	return fm;
}

void fm_destroy(struct fake_mem *fm)
{
	u32 i;

	if (!fm)
		return;
	for (i = 0; i < FM_CHUNKS; i++) {
		kvfree(fm->chunk[i]);
		kvfree(fm->bytes[i]);
	}
	for (i = 0; i < fm->nr_blocks; i++)
		kvfree(fm->block[i].p);
	kvfree(fm);
}

void fm_reset(struct fake_mem *fm)
{
	u32 i;

	for (i = 0; i < FM_BUCKETS; i++)
		fm->bucket[i] = -1;
	fm->nr_pages = 0;
	fm->nr_areas = 0;
	fm->end_gfn = 0x100000;
	fm->no_peek = false;
	fm->no_lookup = false;
	fm->use_ready = false;
	fm->all_low = false;
	fm->live = false;
	fm->fail_in = 0;
	fm->fail_on = false;
	fm->fail_busy = false;
	fm->failed = false;
	fm->nr_errors = 0;
	fm->error[0] = 0;
	fm_begin(fm);
}

void fm_again(struct fake_mem *fm)
{
	u32 i;

	fm->pins = 0;
	fm->lookups = 0;
	fm->peeks = 0;
	fm->reads = 0;
	fm->ready.seq++;
	for (i = 0; i < fm->nr_pages; i++) {
		struct fm_page *page = fm_nth_page(fm, i);

		page->given = 0;
		page->fetched = 0;
		page->may = 0;
		page->once_to = 0;
	}
}

void fm_begin(struct fake_mem *fm)
{
	fm_again(fm);
	fm_rewind(fm);
}

/* all areas are to be named before the first use of a frame in them */
void fm_area(struct fake_mem *fm, u64 gfn, u64 nr, u32 props)
{
	if (fm->nr_areas < FM_AREAS)
		fm->area[fm->nr_areas++] = (struct fm_area){ gfn, nr, props };
	else
		fm_error(fm, "too many areas");
}

static u8 props_of(const struct fake_mem *fm, u64 gfn)
{
	u32 i, props = gfn < fm->end_gfn ? 0 : FM_HOLE;

	for (i = 0; i < fm->nr_areas; i++)
		if (gfn - fm->area[i].gfn < fm->area[i].nr)
			props = fm->area[i].props;
	if (fm->all_low)
		props |= FM_LOW;
	if (gfn >= LOW_FRAMES)
		props &= ~FM_LOW;
	return (u8)props;
}

struct fm_page *fm_nth_page(struct fake_mem *fm, u32 i)
{
	return &fm->chunk[i / FM_CHUNK][i % FM_CHUNK];
}

static bool grow(struct fake_mem *fm)
{
	u32 c = fm->nr_pages / FM_CHUNK, i;

	if (c >= FM_CHUNKS)
		return false;
	if (fm->chunk[c])
		return true;
	fm->chunk[c] = kvcalloc(FM_CHUNK, sizeof(struct fm_page), GFP_KERNEL);
	fm->bytes[c] = kvcalloc(FM_CHUNK, 3 * COPY, GFP_KERNEL);
	if (!fm->chunk[c] || !fm->bytes[c])
		return false;
	for (i = 0; i < FM_CHUNK; i++) {
		struct fm_page *page = &fm->chunk[c][i];

		page->orig = fm->bytes[c] + 3 * COPY * i;
		page->guest = page->orig + COPY;
		page->host = page->guest + COPY;
		ASAN_POISON_MEMORY_REGION(page->orig + FM_FRAME, GAP);
		ASAN_POISON_MEMORY_REGION(page->guest + FM_FRAME, GAP);
		ASAN_POISON_MEMORY_REGION(page->host + FM_FRAME, GAP);
	}
	return true;
}

/* every frame has other bytes, all of them cut from one piece */
static void fill(struct fake_mem *fm, struct fm_page *page)
{
	u64 x = 1;
	u32 i;

	if (!fm->noise[0])
		for (i = 0; i < sizeof(fm->noise); i += 8) {
			x = x * 6364136223846793005ull + 1442695040888963407ull;
			fm_store(fm->noise + i, x, 8);
		}
	i = (u32)((page->gfn + 1) * 0x9e3779b97f4a7c15ull >> 52);
	memcpy(page->orig, fm->noise + i, FM_FRAME);
}

struct fm_page *fm_page(struct fake_mem *fm, u64 gfn)
{
	u32 b = (u32)((gfn ^ gfn >> 10) % FM_BUCKETS);
	struct fm_page *page;
	s32 i;

	for (i = fm->bucket[b]; i >= 0; i = page->next) {
		page = fm_nth_page(fm, (u32)i);
		if (page->gfn == gfn)
			return page;
	}
	if (!grow(fm)) {
		fm_error(fm, "the fake memory is too small for this test");
		return fm_nth_page(fm, 0);
	}
	page = fm_nth_page(fm, fm->nr_pages);
	page->gfn = gfn;
	page->props = props_of(fm, gfn);
	page->given = 0;
	page->fetched = 0;
	page->may = 0;
	page->once_to = 0;
	page->guest_used = false;
	page->host_used = false;
	page->next = fm->bucket[b];
	fm->bucket[b] = (s32)fm->nr_pages++;
	if (!(page->props & FM_HOLE))
		fill(fm, page);
	return page;
}

u64 fm_hpa(const struct fm_page *page)
{
	if (page->props & FM_LOW)
		return (LOW_BASE + 2 * (page->gfn ^ LOW_XOR)) << FM_SHIFT;
	return (HIGH_BASE + 2 * (page->gfn ^ HIGH_XOR)) << FM_SHIFT;
}

struct fm_page *fm_page_of_hpa(struct fake_mem *fm, u64 hpa)
{
	u64 hfn = hpa >> FM_SHIFT, gfn;
	struct fm_page *page;

	if (hfn & 1)
		return NULL;
	if (hfn >= HIGH_BASE)
		gfn = ((hfn - HIGH_BASE) / 2) ^ HIGH_XOR;
	else if (hfn - LOW_BASE < 2 * LOW_FRAMES)
		gfn = ((hfn - LOW_BASE) / 2) ^ LOW_XOR;
	else
		return NULL;
	if (gfn >= fm->end_gfn && (props_of(fm, gfn) & FM_HOLE))
		return NULL;
	page = fm_page(fm, gfn);
	return fm_hpa(page) >> FM_SHIFT == hfn ? page : NULL;
}

u8 *fm_arena(struct fake_mem *fm, u64 hpa, size_t len)
{
	u32 i;

	for (i = 0; i < fm->nr_blocks; i++) {
		const struct fm_block *block = &fm->block[i];

		if (hpa >= block->hpa && hpa - block->hpa < block->size &&
		    len <= block->size - (hpa - block->hpa))
			return block->p + (hpa - block->hpa);
	}
	return NULL;
}

u8 *fm_guest_view(struct fm_page *page)
{
	return page->guest_used ? page->guest : page->orig;
}

u8 *fm_host_view(struct fm_page *page)
{
	return page->host_used ? page->host : page->orig;
}

void fm_rewind(struct fake_mem *fm)
{
	u32 i;

	for (i = 0; i < fm->nr_pages; i++) {
		struct fm_page *page = fm_nth_page(fm, i);

		page->guest_used = false;
		page->host_used = false;
	}
}

bool fm_same(struct fake_mem *fm)
{
	u32 i;

	for (i = 0; i < fm->nr_pages; i++) {
		struct fm_page *page = fm_nth_page(fm, i);

		if ((page->guest_used || page->host_used) &&
		    memcmp(fm_guest_view(page), fm_host_view(page), FM_FRAME)) {
			fm_error(fm, "guest frame %llx has other bytes than it should",
				 (unsigned long long)page->gfn);
			return false;
		}
	}
	return true;
}

u8 *fm_guest_bytes(struct fm_page *page)
{
	if (!page->guest_used) {
		memcpy(page->guest, page->orig, FM_FRAME);
		page->guest_used = true;
	}
	return page->guest;
}

u8 *fm_host_bytes(struct fm_page *page)
{
	if (!page->host_used) {
		memcpy(page->host, page->orig, FM_FRAME);
		page->host_used = true;
	}
	return page->host;
}

void fm_put(struct fake_mem *fm, u64 gpa, u64 value, unsigned int size)
{
	struct fm_page *page;

	/* a word may cross frames: one byte at a time */
	while (size--) {
		page = fm_page(fm, (gpa + size) >> FM_SHIFT);
		page->orig[(gpa + size) % FM_FRAME] = (u8)value;
		value >>= 8;
	}
}

void fm_change(struct fake_mem *fm, u64 gpa, u64 value, unsigned int size)
{
	struct fm_page *page;
	u32 at;

	fm_put(fm, gpa, value, size);
	for (; size--; value >>= 8) {
		page = fm_page(fm, (gpa + size) >> FM_SHIFT);
		at = (gpa + size) % FM_FRAME;
		if (page->guest_used)
			page->guest[at] = (u8)value;
		if (page->host_used)
			page->host[at] = (u8)value;
	}
}

u64 fm_get(struct fake_mem *fm, u64 gpa, unsigned int size)
{
	struct fm_page *page = fm_page(fm, gpa >> FM_SHIFT);

	return fm_load((fm->live ? fm_host_view(page) : page->orig) + gpa % FM_FRAME, size);
}

/* struct ccw_mem_ops */

static bool fails(struct fake_mem *fm)
{
	if (!fm->fail_in)
		return false;
	if (fm->fail_in > 1) {
		fm->fail_in--;
		return false;
	}
	if (!fm->fail_on)
		fm->fail_in = 0;
	fm->failed = true;
	return true;
}

static void put_entry(struct cp_page *entry, const struct fm_page *page)
{
	entry->gfn[0] = page->gfn;
	entry->gfn[1] = page->props & (FM_RO | FM_UNSTORED) ? ~0ULL : page->gfn;
	entry->hpa = fm_hpa(page);
}

/* the table does not say what for: as much as the program's analysis permits */
static bool give_entry(struct fake_mem *fm, const struct cp_page *entry)
{
	struct fm_page *page;

	if (entry->gfn[0] == ~0ULL || entry->seq != fm->ready.seq)
		return false;
	page = fm_page(fm, entry->gfn[0]);
	page->given |= FM_READ;
	if (entry->gfn[1] != ~0ULL)
		page->given |= page->may & FM_WRITE;
	return true;
}

/* whoever looks for a frame finds it in its place in the table then, and no other */
static struct cp_page *move_entry(struct fake_mem *fm, const struct fm_page *page)
{
	struct cp_page *entry = &fm->entry[page->gfn % FM_READY];

	if (entry->gfn[0] != page->gfn) {
		give_entry(fm, entry);
		put_entry(entry, page);
		entry->seq = 0;
	}
	return entry;
}

/* all frames that are known by now: those that the program may use, and others */
static struct cp_ready *op_ready(void *mem)
{
	struct fake_mem *fm = mem;
	struct fm_page *page;
	u32 i;

	if (!fm->use_ready)
		return NULL;
	for (i = 0; i < FM_READY; i++)
		fm->entry[i] = (struct cp_page){ .gfn = { ~0ULL, ~0ULL } };
	for (i = 0; i < fm->nr_pages; i++) {
		page = fm_nth_page(fm, i);
		if (page->props & (FM_HOLE | FM_MISS))
			continue;
		put_entry(&fm->entry[page->gfn % FM_READY], page);
	}
	fm->ready.page = fm->entry;
	fm->ready.mask = FM_READY - 1;
	fm->ready.seq++;
	fm->ready.hits = 0;
	return &fm->ready;
}

void fm_end(struct fake_mem *fm)
{
	u32 i, hits = 0;

	if (!fm->use_ready)
		return;
	for (i = 0; i < FM_READY; i++)
		hits += give_entry(fm, &fm->entry[i]);
	if (fm->ready.hits < hits)
		fm_error(fm, "%u pages of the table were used, %u times", hits,
			 (u32)fm->ready.hits);
}

static bool fm_is_missing(const struct fake_mem *fm, const struct fm_page *page, bool write)
{
	return fm->no_lookup || (page->props & (FM_HOLE | FM_MISS)) ||
	       (write && (page->props & (FM_RO | FM_UNSTORED)));
}

static u64 op_lookup(void *mem, u64 gfn, bool write)
{
	struct fake_mem *fm = mem;
	struct fm_page *page = fm_page(fm, gfn);
	struct cp_page *entry;

	fm->lookups++;
	if (fm_is_missing(fm, page, write))
		return CP_NO_HPA;
	page->given |= write ? FM_READ | FM_WRITE : FM_READ;
	if (fm->use_ready) {
		entry = move_entry(fm, page);
		entry->seq = fm->ready.seq;
		fm->ready.hits++;
	}
	return fm_hpa(page);
}

static unsigned int op_missing(void *mem, u64 gfn, unsigned int n, bool write)
{
	struct fake_mem *fm = mem;
	unsigned int i;

	for (i = 0; i < n && fm_is_missing(fm, fm_page(fm, gfn + i), write); i++)
		;
	if (!i && n)
		op_lookup(mem, gfn, write);
	return i;
}

static const void *op_peek(void *mem, u64 gfn)
{
	struct fake_mem *fm = mem;
	struct fm_page *page = fm_page(fm, gfn);

	fm->peeks++;
	page->fetched = 1;
	if (fm->no_peek || (page->props & (FM_HOLE | FM_NOPEEK | FM_ONCE)))
		return NULL;
	if (fm->use_ready && !(page->props & FM_MISS))
		move_entry(fm, page);
	/* what stays is the place, whatever is stored there */
	return fm->live ? fm_host_bytes(page) : page->orig;
}

/* the guest changes what was read, between two looks at it */
static void read_again(struct fm_page *page, u32 from, u32 len, u8 *to)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (from + i >= page->once_from && from + i < page->once_to)
			to[i] = ~to[i];
	if (!page->once_to || from < page->once_from)
		page->once_from = (u16)from;
	if (from + len > page->once_to)
		page->once_to = (u16)(from + len);
}

static int op_read(void *mem, u64 gpa, void *to, size_t len)
{
	struct fake_mem *fm = mem;
	struct fm_page *page = fm_page(fm, gpa >> FM_SHIFT);

	fm->reads++;
	page->fetched = 1;
	if (!len || len > FM_FRAME - gpa % FM_FRAME) {
		fm_error(fm, "read(%llx, %zu) leaves its frame",
			 (unsigned long long)gpa, len);
		return -EINVAL;
	}
	if (fails(fm))
		return fm->fail_busy ? -EBUSY : -ENOMEM;
	if (page->props & FM_HOLE)
		return -EFAULT;
	memcpy(to, (fm->live ? fm_host_view(page) : page->orig) + gpa % FM_FRAME, len);
	if (page->props & FM_ONCE)
		read_again(page, gpa % FM_FRAME, (u32)len, to);
	return 0;
}

/* a frame that has been pinned is in the table then, if its place is free */
static void make_ready(struct fake_mem *fm, const struct fm_page *page, bool write)
{
	struct cp_page *entry = &fm->entry[page->gfn % FM_READY];

	if (entry->gfn[0] != ~0ULL && entry->gfn[0] != page->gfn)
		return;
	entry->gfn[0] = page->gfn;
	if (write)
		entry->gfn[1] = page->gfn;
	entry->hpa = fm_hpa(page);
}

static int op_pin(void *mem, u64 gfn, unsigned int n, bool write, u64 *hpa)
{
	struct fake_mem *fm = mem;
	struct fm_page *page;
	unsigned int i;

	fm->pins++;
	if (!n)
		fm_error(fm, "pin of no frames");
	if (fails(fm))
		return fm->fail_busy ? -EBUSY : -ENOMEM;
	for (i = 0; i < n; i++) {
		page = fm_page(fm, gfn + i);
		if (page->props & FM_HOLE)
			return gfn & 1 ? -EINVAL : -EFAULT;
		if (write && (page->props & FM_RO))
			return -EPERM;
	}
	for (i = 0; i < n; i++) {
		page = fm_page(fm, gfn + i);
		page->given |= write ? FM_READ | FM_WRITE : FM_READ;
		hpa[i] = fm_hpa(page);
		if (fm->use_ready)
			make_ready(fm, page, write);
	}
	return 0;
}

static void *op_alloc(void *mem, size_t size, u32 *hpa)
{
	struct fake_mem *fm = mem;
	struct fm_block *block;

	if (size < FM_FRAME || (size & (size - 1)))
		fm_error(fm, "alloc of %zu bytes", size);
	if (!fm->fail_busy && fails(fm))
		return NULL;
	if (fm->nr_blocks == FM_BLOCKS) {
		fm_error(fm, "more than %d allocations", FM_BLOCKS);
		return NULL;
	}
	if (!fm->nr_blocks || fm->next_hpa + size > 0x7ffff000ull)
		fm->next_hpa = ARENA_BASE;
	block = &fm->block[fm->nr_blocks];
	block->p = kvzalloc(size, GFP_KERNEL);
	if (!block->p)
		return NULL;
	block->size = size;
	block->hpa = fm->next_hpa;
	fm->next_hpa += (u32)size + FM_FRAME;
	fm->nr_blocks++;
	*hpa = block->hpa;
	return block->p;
}

static void op_free(void *mem, void *p, size_t size)
{
	struct fake_mem *fm = mem;
	u32 i;

	for (i = 0; i < fm->nr_blocks; i++)
		if (fm->block[i].p == p)
			break;
	if (i == fm->nr_blocks || fm->block[i].size != size) {
		fm_error(fm, "free(%zu) of what was not allocated so", size);
		return;
	}
	kvfree(p);
	fm->block[i] = fm->block[--fm->nr_blocks];
}

const struct ccw_mem_ops fake_mem_ops = {
	.ready = op_ready,
	.lookup = op_lookup,
	.missing = op_missing,
	.peek = op_peek,
	.read = op_read,
	.pin = op_pin,
	.alloc = op_alloc,
	.free = op_free,
};

const struct ccw_mem_ops fake_mem_ops_no_table = {
	.lookup = op_lookup,
	.peek = op_peek,
	.read = op_read,
	.pin = op_pin,
	.alloc = op_alloc,
	.free = op_free,
};
