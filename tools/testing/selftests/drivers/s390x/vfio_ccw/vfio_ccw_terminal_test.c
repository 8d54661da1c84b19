// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 3270 with somebody before its screen, who types what he is asked for:
 * VFIO_CCW_SCREEN has that word, of capital letters.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define OUT	(ENV_IOVA + 0x20000)
#define IN	(ENV_IOVA + 0x30000)
#define IN_SIZE	512

#define CMD_WRITE		0x01
#define CMD_ERASE_WRITE		0x05
#define CMD_READ_MODIFIED	0x06

/* write control character: unlock the keyboard, forget what was modified */
#define WCC		0xc3
#define ORDER_SBA	0x11	/* where the next character goes */
#define ORDER_SF	0x1d	/* a field begins */
#define ORDER_IC	0x13	/* the cursor is here */
#define PROTECTED	0xf0
#define UNPROTECTED	0x40
#define AID_ENTER	0x7d
#define TOP_LEFT	0x40, 0x40
#define SECOND_ROW	0xc1, 0x50

static u8 ebcdic(char c)
{
	if (c >= 'A' && c <= 'I')
		return 0xc1 + c - 'A';
	if (c >= 'J' && c <= 'R')
		return 0xd1 + c - 'J';
	if (c >= 'S' && c <= 'Z')
		return 0xe2 + c - 'S';
	return 0x40;
}

static u8 *put_text(u8 *to, const char *text)
{
	while (*text)
		*to++ = ebcdic(*text++);
	return to;
}

FIXTURE(terminal)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_irb irb;
	const char *word;
};

FIXTURE_SETUP(terminal)
{
	self->word = getenv("VFIO_CCW_SCREEN");
	if (!self->word)
		SKIP(return, "nobody is before the screen");
	ENV_SETUP(&self->e, IOMMU_TYPE1);
	self->dev = &self->e.dev;
	if (self->dev->backend != &ccw_tn3270 && self->dev->backend != &ccw_tn3274)
		SKIP(return, "not a terminal");
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
}

FIXTURE_TEARDOWN(terminal)
{
	ccw_env_close(&self->e);
}

/* until there is a screen the device wants to be looked after */
static int show(FIXTURE_DATA(terminal) *self, u8 cmd, size_t n)
{
	struct ccw_orb orb;
	int i, rc = -ENODEV;

	self->p.next = self->p.start;
	ccw_put(&self->p, cmd, CCW_SLI, n, OUT);
	orb = ccw_orb(&self->p);
	for (i = 0; i < 60; i++) {
		rc = _ccw_run(self->dev, &orb, &self->irb);
		if (rc || self->irb.scsw.dstat == (DSTAT_CE | DSTAT_DE))
			break;
		usleep(500000);
	}
	return rc;
}

TEST_F_TIMEOUT(terminal, what_is_typed_is_read, 120)
{
	u8 *out = ccw_hva(&self->e.mem, OUT), *to = out;
	u8 *in = ccw_hva(&self->e.mem, IN);
	static const u8 head[] = { WCC, ORDER_SBA, TOP_LEFT, ORDER_SF, PROTECTED };
	static const u8 tail[] = { ORDER_SF, UNPROTECTED, ORDER_IC };
	static const u8 below[] = { WCC, ORDER_SBA, SECOND_ROW };
	u8 typed[32];
	size_t n, len = strlen(self->word);

	memcpy(to, head, sizeof(head));
	to = put_text(to + sizeof(head), "PLEASE TYPE ");
	to = put_text(to, self->word);
	memcpy(to, tail, sizeof(tail));
	ASSERT_EQ(0, show(self, CMD_ERASE_WRITE, to + sizeof(tail) - out));
	ASSERT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat);

	ASSERT_EQ(0, _ccw_status(self->dev, &self->irb, 60000));
	EXPECT_EQ(DSTAT_ATTN, self->irb.scsw.dstat);
	EXPECT_EQ(STCTL_ALERT | STCTL_PEND, self->irb.scsw.flags & STCTL_MASK);

	self->p.next = self->p.start;
	ccw_put(&self->p, CMD_READ_MODIFIED, CCW_SLI, IN_SIZE, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	n = IN_SIZE - self->irb.scsw.count;
	EXPECT_EQ(AID_ENTER, in[0]);
	put_text(typed, self->word);
	EXPECT_LE(3 + len, n);
	EXPECT_NE(NULL, memmem(in, n, typed, len));

	memcpy(out, below, sizeof(below));
	to = put_text(out + sizeof(below), "THIS WAS READ ");
	to = put_text(to, self->word);
	ASSERT_EQ(0, show(self, CMD_WRITE, to - out));
	ASSERT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat);
	sleep(2);	/* for whoever looks at it */
}

TEST_HARNESS_MAIN
