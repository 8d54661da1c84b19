// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport mode: from a guest's TCW to a host's, and back from its status.
 *
 * Documentation/arch/s390/vfio-ccw-transport.rst has the design. In short: the
 * host's TCW is made from nothing, with the guest's counts and directions; the
 * TCCB is a copy; data is named by a TIDAL of ours, or directly if it is in one
 * page; the channel stores into the guest's own TSB.
 */
#include "program.h"

#define CP_TCW_ALIGN	64u
#define CP_TCCB_MAX	(63 * 4 + CP_TCCB_LEAST)
#define CP_TCCB_LEAST	20u	/* what a length of zero stands for */

/**
 * struct cp_tcw - a guest's TCW in CPU byte order
 * @w0: format and flags
 * @w1: length of the TCCB, directions
 * @output: address of the output data or its TIDAL
 * @input: address of the input data or its TIDAL
 * @tsb: address of the TSB
 * @tccb: address of the TCCB or its TIDAL
 * @output_count: bytes of output
 * @input_count: bytes of input
 */
struct cp_tcw {
	u32 w0;
	u32 w1;
	u64 output;
	u64 input;
	u64 tsb;
	u64 tccb;
	u32 output_count;
	u32 input_count;
};

static u32 cp_tccb_len(const struct cp_tcw *tcw)
{
	return CP_TCCB_LEAST + 4 * ((tcw->w1 & TCW1_TCCBL) >> TCW1_TCCBL_SHIFT);
}

/* a copy, each word of it read once; false if it is not where or what it has to be */
static bool cp_tcw_read(struct cp *cp, u32 gpa, struct cp_tcw *tcw)
{
	struct cp_window win = { .len = 0 };
	const __be64 *word;
	u64 w[8];
	u32 i;

	if (gpa % CP_TCW_ALIGN)
		return false;
	word = cp_window_at(cp, &win, gpa);
	if (!word)
		return false;
	for (i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = be64_to_cpu(READ_ONCE(word[i]));
	tcw->w0 = w[0] >> 32;
	tcw->w1 = w[0];
	tcw->output = w[1];
	tcw->input = w[2];
	tcw->tsb = w[3];
	tcw->tccb = w[4];
	tcw->output_count = w[5] >> 32;
	tcw->input_count = w[5];
	/* the last word names a TCW for CANCEL SUBCHANNEL, which does not get here */
	return !(tcw->w0 & TCW0_ZERO) && !(tcw->w1 & TCW1_ZERO) && !w[6] && !(w[7] >> 32);
}

/**
 * cp_tcw_data() - the data of one direction
 * @walk: the translation
 * @addr: the guest's address in its TCW
 * @count: bytes
 * @tida: the guest's flag that says that @addr is a TIDAL's, 0 if it is not; in
 *	place the host's
 * @flag: that flag
 * @dir: CP_IN or CP_OUT
 * @host: the address in the host's TCW
 *
 * Return: 0 or a negative errno for lack of memory.
 */
static int cp_tcw_data(struct cp_walk *walk, u64 addr, u32 count, u32 *tida, u32 flag, u8 dir,
		       __be64 *host)
{
	bool listed = *tida;
	u32 hpa;
	int ret;

	*tida = 0;
	*host = 0;
	if (!count)
		return 0;
	walk->cp->counts.bytes += count;
	if (!listed && count <= CP_FRAME - addr % CP_FRAME)
		return cp_name(walk, addr, host, dir == CP_IN);
	ret = cp_tidal_build(walk, addr, count, listed, dir, &hpa);
	if (ret)
		return ret;
	*tida = flag;
	*host = cpu_to_be64(hpa);
	return 0;
}

static int cp_tcw_fill(struct cp_walk *walk, const struct cp_tcw *tcw, __be64 *host, u32 tccb_hpa)
{
	u32 input = tcw->w0 & TCW0_INPUT_TIDA, output = tcw->w0 & TCW0_OUTPUT_TIDA;
	u32 in = tcw->w1 & TCW1_R ? tcw->input_count : 0;
	u32 out = tcw->w1 & TCW1_W ? tcw->output_count : 0;
	int ret;

	ret = cp_tcw_data(walk, tcw->output, out, &output, TCW0_OUTPUT_TIDA, CP_OUT, &host[1]);
	if (!ret)
		ret = cp_tcw_data(walk, tcw->input, in, &input, TCW0_INPUT_TIDA, CP_IN, &host[2]);
	if (ret)
		return ret;
	host[0] = cpu_to_be64((u64)(input | output) << 32 |
			      (tcw->w1 & (TCW1_TCCBL | TCW1_R | TCW1_W)));
	host[4] = cpu_to_be64(tccb_hpa);
	host[5] = cpu_to_be64((u64)out << 32 | in);
	host[6] = 0;
	host[7] = 0;
	if (tcw->tsb % sizeof(__be64) || tcw->tsb % CP_FRAME + TSB_SIZE > CP_FRAME) {
		walk->cp->counts.poisoned++;
		host[3] = cpu_to_be64(CP_POISON_IDAW);
		return 0;
	}
	return cp_name(walk, tcw->tsb, &host[3], true);
}

/* room for a TCW and its TCCB, on one page */
static __be64 *cp_tcw_room(struct cp *cp, u32 *hpa)
{
	u32 bytes = 2 * CP_TCW_ALIGN + CP_TCCB_MAX, off;
	__be64 *room = cp_arena_midal(cp, bytes / TIDAW_SIZE + 1, hpa);

	if (!room)
		return NULL;
	off = -*hpa % CP_TCW_ALIGN;
	*hpa += off;
	return room + off / sizeof(*room);
}

static int cp_tcw_program_check(const struct cp_orb *orb, struct cp_result *res)
{
	res->cstat = SCSW2_SCH_PROG;
	res->cpa = orb->cpa;
	return 0;
}

/**
 * cp_tcw_translate() - make a host TCW of a guest's
 * @walk: the translation
 * @orb: the guest's transport-mode ORB
 * @res: filled in on success
 *
 * A bad TCW or TCCB is reported at once: nothing was sent then.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno for lack of memory, as cp_translate().
 */
int cp_tcw_translate(struct cp_walk *walk, const struct cp_orb *orb, struct cp_result *res)
{
	struct cp *cp = walk->cp;
	struct cp_tcw tcw;
	__be64 *host;
	u32 hpa;
	int ret;

	res->orb.flags = orb->flags & (ORB1_KEY | ORB1_B | ORB1_LPM);
	if (!cp_tcw_read(cp, orb->cpa, &tcw))
		return cp_tcw_program_check(orb, res);
	ret = cp_quads(cp);
	if (ret)
		return ret;
	host = cp_tcw_room(cp, &hpa);
	if (!host)
		return -ENOMEM;
	if (!cp_tccb_read(cp, tcw.tccb, tcw.w0 & TCW0_TCCB_TIDA, (u8 *)(host + 8),
			  cp_tccb_len(&tcw)))
		return cp_tcw_program_check(orb, res);
	ret = cp_tcw_fill(walk, &tcw, host, hpa + CP_TCW_ALIGN);
	if (!ret)
		ret = cp_idal_resolve(walk);
	if (ret)
		return ret;
	cp->tcw = host;
	cp->counts.ccws = 1;
	res->orb.cpa = hpa;
	res->cstat = 0;
	res->cpa = 0;
	cp->valid = true;
	return 0;
}

/*
 * Did hardware stop where the guest may not store? It does not say where it was; if
 * other things are wrong, too, the first that it comes to is meant.
 */
static bool cp_tcw_is_protection(const struct cp *cp)
{
	u64 input = be64_to_cpu(cp->tcw[2]), tsb = be64_to_cpu(cp->tcw[3]);

	if (tsb == CP_POISON_PROT && cp->counts.poisoned == 1)
		return true;
	if (be64_to_cpu(cp->tcw[0]) >> 32 & TCW0_INPUT_TIDA)
		return cp_tidal_is_protected(cp, (u32)input);
	return input == CP_POISON_PROT;
}

/**
 * cp_tcw_status() - the guest's view of a transport-mode status
 * @cp: the translator, its program one of transport mode
 * @irb: as for cp_status(); its addresses are gone but for the SCSW's
 *
 * Context: any.
 */
void cp_tcw_status(const struct cp *cp, u32 *irb)
{
	irb[IRB_SCSW0] = (irb[IRB_SCSW0] & ~SCSW0_KEY) | (cp->orb.flags & SCSW0_KEY);
	if ((irb[IRB_SCSW2] & SCSW2_SCH_PROG) && cp_tcw_is_protection(cp))
		irb[IRB_SCSW2] ^= SCSW2_SCH_PROG | SCSW2_SCH_PROT;
	/* the TCW is all that is ever named */
	if (irb[IRB_CPA])
		irb[IRB_CPA] = cp->orb.cpa;
}
