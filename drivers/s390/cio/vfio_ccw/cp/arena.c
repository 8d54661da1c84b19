// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a translator: host CCWs in one buffer, so that a slot's address
 * is its index; host IDALs in chunks that never move, so that a CCW can name
 * one as soon as it is built; and arrays that only the translator sees. All of
 * it stays for the next program, which then allocates nothing.
 */
#include "program.h"

static void cp_fill(__be64 *idaw, u64 value, u32 nr)
{
	while (nr--)
		*idaw++ = cpu_to_be64(value);
}

/*
 * IDALs for CCWs that transfer nothing, and one for CCWs whose data address
 * cannot be used at all. The former name one page again and again; they are
 * well-formed, since a channel may look at them before it finds that it does
 * not need them.
 */
static void cp_fixed_idals(struct cp *cp)
{
	__be64 *idaw = cp->chunk->idaw;
	u64 page = cp->scratch_hpa;

	cp_fill(idaw + CP_FIXED_FORWARD, page, CP_LONGEST_IDAL);
	idaw[CP_FIXED_FORWARD + CP_LONGEST_IDAL] = cpu_to_be64(CP_POISON_IDAW);
	cp_fill(idaw + CP_FIXED_BACKWARD, page + CP_FRAME - 1, CP_LONGEST_IDAL);
	idaw[CP_FIXED_BACKWARD + CP_LONGEST_IDAL] = cpu_to_be64(CP_POISON_IDAW);
	cp_fill(idaw + CP_FIXED_POISON, CP_POISON_IDAW, 2);
}

static struct cp_chunk *cp_chunk_new(struct cp *cp, u32 nr)
{
	struct cp_chunk *chunk = kvmalloc(sizeof(*chunk), GFP_KERNEL);

	if (!chunk)
		return NULL;
	chunk->idaw = cp->ops->alloc(cp->mem, nr * sizeof(__be64), &chunk->hpa);
	if (!chunk->idaw) {
		kvfree(chunk);
		return NULL;
	}
	chunk->next = NULL;
	chunk->nr = nr;
	chunk->used = 0;
	WRITE_ONCE(cp->list_bytes, cp->list_bytes + sizeof(*chunk) + nr * sizeof(__be64));
	return chunk;
}

int cp_grow(void **array, u32 *max, u32 bound, size_t size)
{
	u32 more = *max ? *max * 2 : 16;
	void *bigger;

	if (*max >= bound)
		return -E2BIG;
	bigger = kvmalloc_array(more, size, GFP_KERNEL);
	if (!bigger)
		return -ENOMEM;
	if (*max)
		memcpy(bigger, *array, *max * size);
	kvfree(*array);
	*array = bigger;
	*max = more;
	return 0;
}

/**
 * cp_arena_grow_slots() - make room for more host CCWs
 * @cp: the translator; its slots move
 * @used: slots in use, those of the segment at hand included
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -E2BIG if the bound is reached.
 */
int cp_arena_grow_slots(struct cp *cp, u32 used)
{
	/* the smallest buffer is one page */
	u32 max = cp->max_slots ? cp->max_slots * 2 : CP_FRAME / sizeof(__be64);
	__be64 *slot;
	u8 *how;
	u32 hpa;

	if (cp->max_slots >= CP_MAX_SLOTS)
		return -E2BIG;
	how = kvmalloc(max, GFP_KERNEL);
	slot = how ? cp->ops->alloc(cp->mem, max * sizeof(*slot), &hpa) : NULL;
	if (!slot) {
		kvfree(how);
		return -ENOMEM;
	}
	if (cp->max_slots) {
		memcpy(slot, cp->slot, used * sizeof(*slot));
		memcpy(how, cp->how, used);
		cp->ops->free(cp->mem, cp->slot, cp->max_slots * sizeof(*slot));
		kvfree(cp->how);
	}
	cp->slot = slot;
	cp->slot_hpa = hpa;
	cp->how = how;
	cp->max_slots = max;
	return 0;
}

static int cp_arena_first(struct cp *cp)
{
	int ret = cp->max_slots ? 0 : cp_arena_grow_slots(cp, 0);

	if (ret)
		return ret;
	if (!cp->scratch)
		cp->scratch = cp->ops->alloc(cp->mem, CP_FRAME, &cp->scratch_hpa);
	if (!cp->scratch)
		return -ENOMEM;
	cp->chunk = cp_chunk_new(cp, CP_FRAME / sizeof(__be64));
	if (!cp->chunk)
		return -ENOMEM;
	cp_fixed_idals(cp);
	return 0;
}

/**
 * cp_arena_begin() - an empty arena for a new program
 * @cp: the translator
 *
 * Context: may sleep, the first time.
 * Return: 0 or -ENOMEM.
 */
int cp_arena_begin(struct cp *cp)
{
	int ret = cp->chunk ? 0 : cp_arena_first(cp);

	if (ret)
		return ret;
	cp->cur = cp->chunk;
	cp->cur->used = CP_FIXED_IDAWS;
	cp->nr_slots = 0;
	cp->nr_idaws = 0;
	cp->nr_segs = 0;
	cp->nr_tics = 0;
	cp->nr_misses = 0;
	return 0;
}

static int cp_next_chunk(struct cp *cp)
{
	if (!cp->cur->next)
		cp->cur->next = cp_chunk_new(cp, cp->cur->nr * 2);
	if (!cp->cur->next)
		return -ENOMEM;
	cp->cur = cp->cur->next;
	cp->cur->used = 0;
	return 0;
}

/**
 * cp_arena_idal_room() - where the next IDAL will be
 * @cp: the translator
 * @nr: IDAWs, the closing poison included
 * @hpa: where the list is
 *
 * Context: any.
 * Return: the list, %NULL if it takes cp_arena_idal() to get it. It is to be had by
 * cp_arena_idal_take().
 */
__be64 *cp_arena_idal_room(const struct cp *cp, u32 nr, u32 *hpa)
{
	const struct cp_chunk *cur = cp->cur;

	if (cp->nr_idaws + nr > CP_MAX_IDAWS || cur->used + nr > cur->nr)
		return NULL;
	*hpa = cur->hpa + cur->used * (u32)sizeof(__be64);
	return cur->idaw + cur->used;
}

/**
 * cp_arena_idal() - room for an IDAL
 * @cp: the translator
 * @nr: IDAWs, the closing poison included
 * @hpa: where the list is
 *
 * Context: may sleep.
 * Return: the list, %NULL if there is no memory or the bound is reached.
 */
__be64 *cp_arena_idal(struct cp *cp, u32 nr, u32 *hpa)
{
	__be64 *idaw;

	if (cp->nr_idaws + nr > CP_MAX_IDAWS) {
		cp->counts.limited = true;
		return NULL;
	}
	if (cp->cur->used + nr > cp->cur->nr && cp_next_chunk(cp))
		return NULL;
	idaw = cp_arena_idal_room(cp, nr, hpa);
	cp_arena_idal_take(cp, nr);
	return idaw;
}

/* doublewords of a page */
#define CP_PAGE_WORDS	(CP_FRAME / (u32)sizeof(__be64))

/**
 * cp_arena_midal() - room for a MIDAL, on one page and on a quadword boundary
 * @cp: the translator
 * @nr: MIDAWs, the closing poison not counted: it may lie on the next page, which a
 *	channel does not go to
 * @hpa: where the list is, unchanged if there is none
 *
 * Context: may sleep.
 * Return: the list, %NULL if there is no memory or the bound is reached.
 */
__be64 *cp_arena_midal(struct cp *cp, u32 nr, u32 *hpa)
{
	struct cp_chunk *cur = cp->cur;
	u32 words = 2 * nr + 2, at = round_up(cur->used, 2);

	if (cp->nr_idaws + words > CP_MAX_IDAWS) {
		cp->counts.limited = true;
		return NULL;
	}
	if (at % CP_PAGE_WORDS + 2 * nr > CP_PAGE_WORDS)
		at = round_up(at, CP_PAGE_WORDS);
	if (at + words > cur->nr) {
		if (cp_next_chunk(cp))
			return NULL;
		cur = cp->cur;
		at = 0;
	}
	cp->nr_idaws += at + words - cur->used;
	cur->used = at + words;
	*hpa = cur->hpa + at * (u32)sizeof(__be64);
	return cur->idaw + at;
}

/**
 * cp_arena_at() - what is in a list of the arena
 * @cp: the translator
 * @hpa: a host address
 *
 * Context: any.
 * Return: its place, %NULL if it is in no list.
 */
const __be64 *cp_arena_at(const struct cp *cp, u32 hpa)
{
	const struct cp_chunk *chunk;
	u32 off;

	for (chunk = cp->chunk; chunk; chunk = chunk->next) {
		off = (hpa - chunk->hpa) / (u32)sizeof(__be64);
		if (hpa >= chunk->hpa && off < chunk->nr)
			return chunk->idaw + off;
	}
	return NULL;
}

/**
 * cp_quads() - room to read a guest's MIDAL or a run of its TIDAL
 * @cp: the translator
 *
 * Context: may sleep, the first time.
 * Return: 0 or -ENOMEM.
 */
int cp_quads(struct cp *cp)
{
	if (!cp->quad)
		cp->quad = kvmalloc_array(CP_QUADS, sizeof(*cp->quad), GFP_KERNEL);
	return cp->quad ? 0 : -ENOMEM;
}

void cp_init(struct cp *cp, const struct ccw_mem_ops *ops, void *mem)
{
	memset(cp, 0, sizeof(*cp));
	cp->ops = ops;
	cp->mem = mem;
}

void cp_destroy(struct cp *cp)
{
	struct cp_chunk *chunk, *next;

	for (chunk = cp->chunk; chunk; chunk = next) {
		next = chunk->next;
		cp->ops->free(cp->mem, chunk->idaw, chunk->nr * sizeof(__be64));
		kvfree(chunk);
	}
	if (cp->scratch)
		cp->ops->free(cp->mem, cp->scratch, CP_FRAME);
	if (cp->slot)
		cp->ops->free(cp->mem, cp->slot, cp->max_slots * sizeof(*cp->slot));
	kvfree(cp->how);
	kvfree(cp->seg);
	kvfree(cp->hash);
	kvfree(cp->tic);
	kvfree(cp->miss);
	kvfree(cp->quad);
	kvfree(cp->changes);
	cp_init(cp, cp->ops, cp->mem);
}

/* nothing is looked at but sizes, since what is there may grow, or go, at the same time */
size_t cp_footprint(const struct cp *cp)
{
	size_t bytes = READ_ONCE(cp->max_slots) * (sizeof(*cp->slot) + sizeof(*cp->how)) +
		       READ_ONCE(cp->max_segs) * sizeof(*cp->seg) +
		       READ_ONCE(cp->max_tics) * sizeof(*cp->tic) +
		       READ_ONCE(cp->max_misses) * sizeof(*cp->miss) +
		       (READ_ONCE(cp->quad) ? CP_QUADS * sizeof(*cp->quad) : 0) +
		       (READ_ONCE(cp->hash) ? sizeof(*cp->hash) << CP_HASH_BITS : 0) +
		       READ_ONCE(cp->list_bytes);

	return bytes + cp_change_footprint(cp) + (READ_ONCE(cp->scratch) ? CP_FRAME : 0);
}
