// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference channel in transport mode: a TCW, a TCCB for the device, output,
 * input, a TSB. As in channel.c the guest's is run over the guest's memory, the
 * host's over the arena and the frames that were handed out.
 */
#include <linux/kernel.h>
#include "channel.h"

#define OK		0u
#define PROG		SCSW2_SCH_PROG

#define IN		true
#define OUT		false

struct tcw {
	u64 w[8];
};

/* a list of TIDAWs at work */
struct tidal {
	u64 at;
	u64 head;
	u64 addr;
	u32 left;
	bool inside;		/* of a run, which does not cross a page */
	bool after_ttic;
	bool last;
};

static u32 tccb_len(const struct tcw *tcw)
{
	return 20 + ((u32)tcw->w[0] >> 18 & 63) * 4;
}

static u32 fetch_tcw(struct channel *ch, struct tcw *tcw)
{
	u32 check = OK, i;

	if (ch->orb.cpa % 64)
		return PROG;
	for (i = 0; i < 8 && !check; i++)
		check = chan_fetch(ch, ch->orb.cpa + 8 * i, 8, &tcw->w[i]);
	if (check)
		return check;
	if (tcw->w[0] & 0xfff8ffffff00ffffull || tcw->w[6] || tcw->w[7] >> 32)
		return PROG;
	return OK;
}

static bool leaves_storage(const struct tidal *t, bool in)
{
	return in && t->head & TIDAW_SKIP;
}

static u32 next_tidaw(struct channel *ch, struct tidal *t, bool in)
{
	u32 check;

	for (;;) {
		if (t->last || t->at % 16 || (t->inside && !(t->at % 4096)))
			return PROG;
		check = chan_fetch(ch, t->at, 8, &t->head);
		if (!check)
			check = chan_fetch(ch, t->at + 8, 8, &t->addr);
		if (check)
			return check;
		if (t->head & TIDAW_ZERO)
			return PROG;
		if (!(t->head & TIDAW_TTIC))
			break;
		if (t->after_ttic)
			return PROG;
		t->after_ttic = true;
		t->inside = false;
		t->at = t->addr;
	}
	t->left = (u32)t->head;
	if (!t->left || (!leaves_storage(t, in) && t->left > 4096 - t->addr % 4096))
		return PROG;
	t->last = t->head & TIDAW_LAST;
	t->after_ttic = false;
	t->inside = true;
	t->at += 16;
	return OK;
}

static u32 take_byte(struct channel *ch, u64 addr, struct chan_call *call)
{
	u64 byte = 0;
	u32 check = chan_fetch(ch, addr, 1, &byte);

	call->hash = (call->hash ^ (u8)byte) * 0x01000193u;
	call->bytes++;
	return check;
}

static u32 fetch_tccb(struct channel *ch, const struct tcw *tcw, struct chan_call *call)
{
	struct tidal t = { .at = tcw->w[4], .addr = tcw->w[4] };
	bool tida = tcw->w[0] >> 32 & TCW0_TCCB_TIDA;
	u32 len = tccb_len(tcw), check = OK;

	if (!tida && (t.addr % 8 || t.addr % 4096 + len > 4096))
		return PROG;
	while (call->bytes < len && !check) {
		if (tida && !t.left)
			check = next_tidaw(ch, &t, OUT);
		if (!check)
			check = take_byte(ch, t.addr++, call);
		t.left--;
	}
	return check;
}

static u32 move(struct channel *ch, u64 addr, bool in, u32 n, struct chan_call *call)
{
	u8 *p = NULL;
	u32 check = chan_access(ch, addr, in, &p), i;

	for (i = 0; i < n && !check; i++) {
		if (in)
			p[i] = (u8)((call->bytes + i) * 0x9e3779b1u >> 13);
		else
			call->hash = (call->hash ^ p[i]) * 0x01000193u;
	}
	return check;
}

/* as much as the device wants, of one direction */
static u32 transfer(struct channel *ch, bool tida, u64 addr, u32 want, bool in,
		    struct chan_call *call)
{
	struct tidal t = { .at = addr, .addr = addr };
	u32 check = OK, n;

	while (call->bytes < want && !check) {
		n = want - call->bytes;
		if (tida && !t.left)
			check = next_tidaw(ch, &t, in);
		else if (!tida && call->bytes && !t.addr)
			check = PROG;
		if (check)
			break;
		n = min(n, tida ? t.left : (u32)(4096 - t.addr % 4096));
		if (!tida || !leaves_storage(&t, in))
			check = move(ch, t.addr, in, n, call);
		if (check)
			break;
		t.addr += n;
		t.left -= tida ? n : 0;
		call->bytes += n;
	}
	return check;
}

static u32 store_tsb(struct channel *ch, u64 addr)
{
	struct chan_call call = { .bytes = 0 };

	if (addr % 8 || addr % 4096 + TSB_SIZE > 4096)
		return PROG;
	return move(ch, addr, IN, TSB_SIZE, &call);
}

static void present(struct channel *ch, u8 dstat, u32 cstat, bool tsb)
{
	u32 *irb = ch->irb[ch->nr_irbs++];

	memset(irb, 0, sizeof(ch->irb[0]));
	irb[0] = (ch->orb.flags & SCSW0_KEY) | SCSW0_FC_START | SCSW0_SC_PRIMARY |
		 SCSW0_SC_SECOND | SCSW0_SC_PEND |
		 (cstat || dstat & (DEV_UC | DEV_UX) ? SCSW0_SC_ALERT : 0);
	irb[IRB_CPA] = ch->orb.cpa;
	irb[IRB_SCSW2] = (u32)dstat << 24 | cstat | (tsb ? 0x100 : 0);
	irb[IRB_ESW] = 0x00800000;
	if (cstat) {
		irb[IRB_ERW] = ERW_FSAVF | ERW_FSAF;
		irb[IRB_FSA] = ch->fault >> 32;
		irb[IRB_FSA + 1] = (u32)ch->fault;
	}
}

static u32 want(const struct channel *ch, u32 step, u32 count)
{
	u32 n = step < ch->nr_steps ? ch->script[step].bytes : CHAN_ALL;

	return min(min(n, ch->max_bytes), count);
}

static u32 run(struct channel *ch, u8 *dstat)
{
	struct chan_call *call = ch->call;
	struct tcw tcw;
	u32 check;

	*dstat = 0;
	check = fetch_tcw(ch, &tcw);
	if (!check)
		check = fetch_tccb(ch, &tcw, &call[0]);
	if (check)
		return check;
	*dstat = ch->nr_steps && ch->script[0].dstat ? ch->script[0].dstat : DEV_CE | DEV_DE;
	ch->nr_calls = 3;
	if (tcw.w[0] & TCW1_W)
		check = transfer(ch, tcw.w[0] >> 32 & TCW0_OUTPUT_TIDA, tcw.w[1],
				 want(ch, 0, tcw.w[5] >> 32), OUT, &call[1]);
	if (!check && tcw.w[0] & TCW1_R)
		check = transfer(ch, tcw.w[0] >> 32 & TCW0_INPUT_TIDA, tcw.w[2],
				 want(ch, 1, (u32)tcw.w[5]), IN, &call[2]);
	return check ? check : store_tsb(ch, tcw.w[3]);
}

void chan_run_transport(struct channel *ch)
{
	u8 dstat;
	u32 check = run(ch, &dstat);

	present(ch, dstat, check, !check);
}

/* what the translator may read and use, and whether it can tell a check from another */

static void may(struct fake_mem *fm, u64 addr, u32 what)
{
	fm_page(fm, addr >> FM_SHIFT)->may |= what;
}

struct reach {
	struct channel *ch;
	bool protected;
	bool bad;
};

static void reach_page(struct reach *r, u64 addr, u32 what)
{
	struct fm_page *page = fm_page(r->ch->fm, addr >> FM_SHIFT);

	page->may |= what;
	r->bad = r->bad || page->props & FM_HOLE;
	r->protected = r->protected || (what & FM_WRITE && page->props & FM_RO);
}

static void reach_tidal(struct reach *r, u64 list, u32 count, bool in, u32 what)
{
	struct tidal t = { .at = list };
	u64 left = count, at;
	u32 check;

	while (left) {
		/* TTICs on the way are fetched, too */
		for (at = t.at, check = OK; !check;) {
			if (!(at % 16))
				may(r->ch->fm, at, FM_FETCH);
			check = at % 16 || chan_fetch(r->ch, at, 8, &t.head) ||
				!(t.head & TIDAW_TTIC) || t.after_ttic ||
				chan_fetch(r->ch, at + 8, 8, &t.addr);
			t.after_ttic = true;
			at = t.addr;
		}
		t.after_ttic = false;
		if (next_tidaw(r->ch, &t, in)) {
			r->bad = true;
			return;
		}
		if (!leaves_storage(&t, in))
			reach_page(r, t.addr, what);
		left -= min_t(u64, left, t.left);
	}
}

static void reach_data(struct reach *r, bool tida, u64 addr, u32 count, bool in)
{
	u32 what = in ? FM_READ | FM_WRITE : FM_READ, n;

	if (tida) {
		reach_tidal(r, addr, count, in, what);
		return;
	}
	while (count) {
		n = min_t(u32, count, 4096 - addr % 4096);
		reach_page(r, addr, what);
		addr += n;
		count -= n;
		if (!addr)
			break;
	}
	r->bad = r->bad || count;
}

bool chan_reach_transport(struct channel *ch)
{
	struct reach r = { .ch = ch };
	struct tcw tcw;

	may(ch->fm, ch->orb.cpa, FM_FETCH);
	if (fetch_tcw(ch, &tcw))
		return false;
	if (tcw.w[0] >> 32 & TCW0_TCCB_TIDA)
		reach_tidal(&r, tcw.w[4], tccb_len(&tcw), OUT, FM_FETCH);
	else
		may(ch->fm, tcw.w[4], FM_FETCH);
	if (tcw.w[0] & TCW1_W)
		reach_data(&r, tcw.w[0] >> 32 & TCW0_OUTPUT_TIDA, tcw.w[1], tcw.w[5] >> 32, OUT);
	if (tcw.w[0] & TCW1_R)
		reach_data(&r, tcw.w[0] >> 32 & TCW0_INPUT_TIDA, tcw.w[2], (u32)tcw.w[5], IN);
	reach_page(&r, tcw.w[3], FM_READ | FM_WRITE);
	return r.protected && (r.bad || tcw.w[3] % 8 || tcw.w[3] % 4096 + TSB_SIZE > 4096);
}
