// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport mode: host TIDALs, made of the guest's or of data in one piece.
 *
 * A TIDAW names data in one page, with flags and a count. A run of TIDAWs lies on
 * one page; it ends with the last TIDAW or with one that names the next run, a
 * TTIC. There is one host TIDAW for each of the guest's, and one run for each run.
 * As with MIDAWs it is left to the channel to find whether the list ends with the
 * count.
 */
#include "program.h"

#define CP_TIDAWS	CP_QUADS	/* in a run, at most */

static bool cp_tidaw_is_good(const struct cp_quad *quad, u8 dir, bool after_ttic)
{
	u32 count = quad->head & TIDAW_COUNT;

	if (quad->head & TIDAW_ZERO)
		return false;
	if (quad->head & TIDAW_TTIC)
		return !after_ttic;
	return count && (((quad->head & TIDAW_SKIP) && dir == CP_IN) ||
			 count <= CP_FRAME - quad->addr % CP_FRAME);
}

/**
 * cp_tidal_read() - a run of the guest's TIDAWs
 * @cp: the translator, room for TIDAWs allocated
 * @list: where it is
 * @left: bytes that the list has to name, lessened by those that it does; not 0
 * @dir: CP_IN or CP_OUT
 * @after_ttic: the run is named by a TTIC, which must not name another
 *
 * Ends with the last TIDAW, with a TTIC, with @left, at the end of the page, or with
 * a bad one, whose head is then %CP_POISON_IDAW.
 *
 * Context: may sleep.
 * Return: how many there are in @cp->quad.
 */
u32 cp_tidal_read(struct cp *cp, u64 list, u64 *left, u8 dir, bool after_ttic)
{
	struct cp_window win = { .len = 0 };
	struct cp_quad *quad = cp->quad;

	for (;; quad++, after_ttic = false) {
		if (list % TIDAW_SIZE || !cp_quad_read(cp, &win, list, quad) ||
		    !cp_tidaw_is_good(quad, dir, after_ttic)) {
			quad->head = CP_POISON_IDAW;
			break;
		}
		list += TIDAW_SIZE;
		if (quad->head & TIDAW_TTIC)
			break;
		*left -= min_t(u64, quad->head & TIDAW_COUNT, *left);
		if ((quad->head & TIDAW_LAST) || !*left || !(list % CP_FRAME))
			break;
	}
	return quad - cp->quad + 1;
}

/* the host's run; @ttic: the word that has to name the next one, or %NULL */
static int cp_tidal_fill(struct cp_walk *walk, __be64 *host, u32 nr, u8 dir, __be64 **ttic)
{
	const struct cp_quad *quad = walk->cp->quad;
	int ret;

	*ttic = NULL;
	for (; nr && quad->head != CP_POISON_IDAW; nr--, quad++, host += 2) {
		host[0] = cpu_to_be64(quad->head);
		if (quad->head & TIDAW_TTIC) {
			host[1] = cpu_to_be64(CP_POISON_IDAW);
			*ttic = &host[1];
			continue;
		}
		if ((quad->head & TIDAW_SKIP) && dir == CP_IN) {
			host[1] = cpu_to_be64(walk->cp->scratch_hpa);
			continue;
		}
		ret = cp_name(walk, quad->addr, &host[1], dir == CP_IN);
		if (ret)
			return ret;
	}
	cp_quads_close(walk->cp, host, nr);
	return 0;
}

/* TIDAWs for data in one piece, as if the guest had made them */
static u32 cp_tidal_make(struct cp *cp, u64 *addr, u64 *left)
{
	struct cp_quad *quad = cp->quad;
	u32 nr, in_page;

	for (nr = 0; *left && nr < CP_TIDAWS - 1; nr++, quad++) {
		in_page = CP_FRAME - *addr % CP_FRAME;
		quad->addr = *addr;
		quad->head = min_t(u64, in_page, *left);
		*left -= quad->head;
		*addr += in_page;
		/* beyond the last page there is none */
		if (!*addr && *left) {
			quad[1].head = CP_POISON_IDAW;
			return nr + 2;
		}
	}
	if (*left)
		*quad = (struct cp_quad){ .head = TIDAW_TTIC };
	else
		quad[-1].head |= TIDAW_LAST;
	return *left ? nr + 1 : nr;
}

/**
 * cp_tidal_build() - the host TIDAL for the input or the output of a TCW
 * @walk: the translation, room for TIDAWs allocated
 * @addr: of the data, or of the guest's TIDAL
 * @count: bytes, not 0
 * @tida: @addr is that of a TIDAL
 * @dir: CP_IN or CP_OUT
 * @hpa: where the host TIDAL is
 *
 * Pages that are not ready are noted for cp_idal_resolve().
 *
 * Context: may sleep.
 * Return: 0 or a negative errno for lack of memory.
 */
int cp_tidal_build(struct cp_walk *walk, u64 addr, u32 count, bool tida, u8 dir, u32 *hpa)
{
	struct cp *cp = walk->cp;
	__be64 *host, *ttic = NULL;
	u64 left = count;
	u32 run, nr;
	int ret;

	*hpa = cp_fixed_idal(cp, CP_FIXED_POISON);
	do {
		nr = tida ? cp_tidal_read(cp, addr, &left, dir, ttic) :
			    cp_tidal_make(cp, &addr, &left);
		host = cp_arena_midal(cp, nr, &run);
		if (!host) {
			cp->counts.poisoned++;
			return cp->counts.limited ? 0 : -ENOMEM;
		}
		cp->counts.idaws += nr;
		if (ttic)
			*ttic = cpu_to_be64(run);
		else
			*hpa = run;
		ret = cp_tidal_fill(walk, host, nr, dir, &ttic);
		if (ret)
			return ret;
		if (tida)
			addr = cp->quad[nr - 1].addr;
	} while (ttic);
	return 0;
}

/**
 * cp_tidal_is_protected() - is the first thing wrong with a TIDAL that a page may not be written?
 * @cp: the translator
 * @hpa: of the host TIDAL
 *
 * Context: any.
 * Return: whether it is.
 */
bool cp_tidal_is_protected(const struct cp *cp, u32 hpa)
{
	const __be64 *word = cp_arena_at(cp, hpa);

	/* every run ends in poison, and a TTIC that names none is poison, too */
	while (be64_to_cpu(word[0]) < CP_POISON_IDAW && be64_to_cpu(word[1]) < CP_POISON_IDAW)
		word = be64_to_cpu(word[0]) & TIDAW_TTIC ?
		       cp_arena_at(cp, (u32)be64_to_cpu(word[1])) : word + 2;
	return be64_to_cpu(word[0]) < CP_POISON_IDAW && be64_to_cpu(word[1]) == CP_POISON_PROT;
}
