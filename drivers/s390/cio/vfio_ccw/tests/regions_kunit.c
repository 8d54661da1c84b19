// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions, with buffers of a user: every offset and length, and buffers that
 * end too early.
 */
#include <linux/uaccess.h>

#include "fake_css.h"

#define ENDED		(SCSW0_FC_START | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define CHANNEL_ENDED	(SCSW0_FC_START | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT | \
			 SCSW0_SC_PRIMARY | SCSW0_SC_PEND)
#define DEVICE_ENDED	(SCSW0_FC_START | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define CEDE		(SCSW2_DEV_CE | SCSW2_DEV_DE)

#define IO		0ll
#define CMD		(1ll << 10)
#define SCHIB		(2ll << 10)
#define CRW		(3ll << 10)

static const struct {
	loff_t at;
	size_t size;
	bool writable;
} region[] = {
	{ IO, 124, true },
	{ CMD, 8, true },
	{ SCHIB, 52, false },
	{ CRW, 8, false },
};

/* two pages of a user, of which the second one is not there */
static u8 __user *user;
static u8 __user *edge;

static int regions_init(struct kunit *test)
{
	fake_css_init(test);
	user = fake_user(test);
	edge = user + PAGE_SIZE;
	fake_goto(test->priv, VCCW_STATE_IDLE);
	return 0;
}

/* the position has to move by what was copied, and not at all upon an error */
static ssize_t do_read(struct fake_css *css, u8 __user *buf, size_t count, loff_t pos)
{
	loff_t at = pos;
	ssize_t ret = vccw_region_read(&css->dev, buf, count, &at);

	KUNIT_EXPECT_EQ(css->test, at, pos + max(ret, 0));
	return ret;
}

static ssize_t do_write(struct fake_css *css, const u8 __user *buf, size_t count, loff_t pos)
{
	loff_t at = pos;
	ssize_t ret = vccw_region_write(&css->dev, buf, count, &at);

	KUNIT_EXPECT_EQ(css->test, at, pos + max(ret, 0));
	return ret;
}

static ssize_t read_into(struct fake_css *css, void *to, size_t count, loff_t pos)
{
	ssize_t ret = do_read(css, user, count, pos);

	KUNIT_ASSERT_EQ(css->test, copy_from_user(to, user, count), 0);
	return ret;
}

static ssize_t write_from(struct fake_css *css, const void *from, size_t count, loff_t pos)
{
	KUNIT_ASSERT_EQ(css->test, copy_to_user(user, from, count), 0);
	return do_write(css, user, count, pos);
}

static void regions_reads_stay_inside(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u8 buf[160];
	size_t off, count;
	ssize_t ret;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(region); i++)
		for (off = 0; off < region[i].size + 9; off++)
			for (count = 0; count < region[i].size + 9; count += off % 5 ? 7 : 1) {
				memset(buf, 0xa5, sizeof(buf));
				KUNIT_ASSERT_EQ(test, copy_to_user(user, buf, sizeof(buf)), 0);
				ret = do_read(css, user, count, region[i].at + off);
				if (off + count > region[i].size)
					KUNIT_ASSERT_EQ_MSG(test, ret, -EINVAL, "%u %zu %zu", i,
							    off, count);
				else
					KUNIT_ASSERT_EQ_MSG(test, ret, (ssize_t)count,
							    "%u %zu %zu", i, off, count);
				KUNIT_ASSERT_EQ(test, copy_from_user(buf, user, sizeof(buf)), 0);
				for (j = max(ret, 0); j < sizeof(buf); j++)
					KUNIT_ASSERT_EQ_MSG(test, buf[j], 0xa5, "%u %zu %zu", i,
							    off, count);
			}
}

static void regions_writes_stay_inside(struct kunit *test)
{
	struct fake_css *css = test->priv;
	size_t off, count;
	u8 buf[160] = {};
	ssize_t ret;
	u32 i;

	KUNIT_ASSERT_EQ(test, copy_to_user(user, buf, sizeof(buf)), 0);
	for (i = 0; i < ARRAY_SIZE(region); i++)
		for (off = 0; off < region[i].size + 9; off++)
			for (count = 1; count < region[i].size + 9; count += 3) {
				ret = do_write(css, user, count, region[i].at + off);
				/* requests of zeros ask for nothing and are refused, too */
				KUNIT_ASSERT_EQ_MSG(test, ret, -EINVAL, "%u %zu %zu", i, off,
						    count);
			}
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
}

static void regions_others_do_not_exist(struct kunit *test)
{
	static const u64 at[] = {
		4ull << 10, 5ull << 10, 0xffull << 10, 1ull << 32, (1ull << 32) + (1 << 10),
		1ull << 42, (1ull << 42) + (3 << 10), 1ull << 62, S64_MAX - 123, 1ull << 63,
		0 - 1ull, 0 - 124ull, 0 - 1024ull, 0x200, 0x3ff, (1 << 10) + 0x3ff,
	};
	struct fake_css *css = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		KUNIT_EXPECT_EQ_MSG(test, do_read(css, user, 1, at[i]), -EINVAL, "%llx", at[i]);
		KUNIT_EXPECT_EQ_MSG(test, do_write(css, user, 1, at[i]), -EINVAL, "%llx", at[i]);
		KUNIT_EXPECT_EQ_MSG(test, do_read(css, user, 124, at[i]), -EINVAL, "%llx", at[i]);
	}
	KUNIT_EXPECT_EQ(test, do_read(css, user, SIZE_MAX, IO), -EINVAL);
	KUNIT_EXPECT_EQ(test, do_read(css, user, SIZE_MAX, IO + 120), -EINVAL);
	KUNIT_EXPECT_EQ(test, do_read(css, user, SIZE_MAX - 60, IO + 100), -EINVAL);
	KUNIT_EXPECT_EQ(test, do_write(css, user, SIZE_MAX - 3, CMD + 4), -EINVAL);
}

static void fill_request(struct ccw_io_region *io, u32 fctl, u32 flags, u32 cpa)
{
	u32 orb[3] = { 0x12345678, flags, cpa }, scsw[3] = { fctl };

	memset(io, 0, sizeof(*io));
	memcpy(io->orb_area, orb, sizeof(orb));
	memcpy(io->scsw_area, scsw, sizeof(scsw));
}

static void regions_write_of_the_whole_starts(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;

	fill_request(&io, SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA);
	KUNIT_EXPECT_EQ(test, write_from(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	/* no word of the guest's in the host's ORB but what has to be there */
	KUNIT_EXPECT_NE(test, css->orb.cpa, FAKE_CPA);
	KUNIT_EXPECT_EQ(test, css->orb.flags & (ORB1_F | ORB1_H), ORB1_F | ORB1_H);
}

static void regions_write_has_to_have_orb_and_scsw(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;
	u32 count;

	fill_request(&io, SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA);
	for (count = 1; count < 24; count++)
		KUNIT_EXPECT_EQ(test, write_from(css, &io, count, IO), -EINVAL);
	KUNIT_EXPECT_EQ(test, write_from(css, (u8 *)&io + 4, sizeof(io) - 4, IO + 4), -EINVAL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, write_from(css, &io, 24, IO), 24);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start");
}

struct request_row {
	const char *name;
	u32 fctl, flags, cpa;
	int answer;		/* of START SUBCHANNEL */
	int ret;
	const char *log;
	u32 have;		/* CP_HAVE_* of the machine */
};

static const struct request_row request_rows[] = {
	{ "start", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA, 0, 0, "start" },
	{ "no_function", 0, ORB1_F | ORB1_LPM, FAKE_CPA, 0, -EINVAL, "" },
	{ "halt_here", SCSW0_FC_HALT, ORB1_F | ORB1_LPM, FAKE_CPA, 0, -EOPNOTSUPP, "" },
	{ "clear_here", SCSW0_FC_CLEAR, ORB1_F | ORB1_LPM, FAKE_CPA, 0, -EOPNOTSUPP, "" },
	{ "start_and_halt", SCSW0_FC_START | SCSW0_FC_HALT, ORB1_F | ORB1_LPM, FAKE_CPA, 0,
	  -EOPNOTSUPP, "" },
	{ "transport_mode", SCSW0_FC_START, ORB1_F | ORB1_B | ORB1_LPM, FAKE_CPA, 0,
	  -EOPNOTSUPP, "" },
	/* what is there is no TCW: a program check, and nothing is started */
	{ "transport_mode_that_is_wanted", SCSW0_FC_START, ORB1_B | ORB1_LPM, FAKE_CPA, 0, 0, "",
	  CP_HAVE_TRANSPORT },
	{ "orb_extension", SCSW0_FC_START, ORB1_F | ORB1_X | ORB1_LPM, FAKE_CPA, 0,
	  -EOPNOTSUPP, "" },
	{ "midaws", SCSW0_FC_START, ORB1_F | ORB1_D | ORB1_LPM, FAKE_CPA, 0, -EINVAL, "" },
	{ "midaws_of_a_machine_that_has_them", SCSW0_FC_START, ORB1_F | ORB1_D | ORB1_LPM,
	  FAKE_CPA, 0, 0, "start", CP_HAVE_MIDAW },
	{ "reserved_bit", SCSW0_FC_START, ORB1_F | 0x02 | ORB1_LPM, FAKE_CPA, 0, -EINVAL, "" },
	{ "misaligned_program", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA + 4, 0, 0, "" },
	{ "program_beyond_2g", SCSW0_FC_START, ORB1_F | ORB1_LPM, 0x80001000, 0, -EINVAL, "" },
	{ "busy", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA, -EBUSY, -EBUSY, "start" },
	{ "no_device", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA, -ENODEV, -ENODEV, "start" },
	{ "no_such_path", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA, -EACCES, -EACCES, "start" },
	{ "exception", SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA, -EIO, -EIO, "start" },
};

KUNIT_ARRAY_PARAM_DESC(request, request_rows, name);

static void regions_request_and_its_return_code(struct kunit *test)
{
	const struct request_row *row = test->param_value;
	struct fake_css *css = test->priv;
	struct ccw_io_region io;

	css->dev.have = row->have;
	fake_answer(css, FAKE_START, row->answer);
	fill_request(&io, row->fctl, row->flags, row->cpa);
	KUNIT_EXPECT_EQ(test, write_from(css, &io, sizeof(io), IO),
			row->ret ?: (ssize_t)sizeof(io));
	KUNIT_EXPECT_STREQ(test, fake_log(css), row->log);
	KUNIT_EXPECT_EQ(test, css->dev.program, !row->ret && row->log[0]);
	KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	KUNIT_EXPECT_EQ(test, (int)io.ret_code, row->ret);
}

/* a user who tries again upon EAGAIN would do it for ever */
static void regions_never_say_try_again(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;

	fake_answer(css, FAKE_START, -EBUSY);
	fill_request(&io, SCSW0_FC_START, ORB1_F | ORB1_LPM, FAKE_CPA);
	KUNIT_EXPECT_EQ(test, write_from(css, &io, sizeof(io), IO), -EBUSY);
	fake_no_answers(css);
	KUNIT_EXPECT_EQ(test, write_from(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	KUNIT_EXPECT_EQ(test, write_from(css, &io, sizeof(io), IO), -EBUSY);
}

static void regions_read_takes_the_status(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;
	u32 irb[IRB_WORDS];

	fake_start(css, FAKE_CPA);
	fake_interrupt(css, ENDED, css->orb.cpa + 8, CEDE);
	/* only a look */
	KUNIT_EXPECT_EQ(test, read_into(css, irb, 12, IO + 24), 12);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 8);
	KUNIT_EXPECT_TRUE(test, css->dev.status.pending);

	KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	memcpy(irb, io.irb_area, sizeof(irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], ENDED | SCSW0_F | SCSW0_P);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 8);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
	KUNIT_EXPECT_NULL(test, memchr_inv(io.irb_area + 64, 0, 32));

	KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	memcpy(irb, io.irb_area, sizeof(irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
	/* what the user wrote is there still */
	KUNIT_EXPECT_EQ(test, *(u32 *)(io.orb_area + 8), FAKE_CPA);
}

/* what is signalled is status to be taken, however much has come together */
static void regions_no_signal_stays_behind(struct kunit *test)
{
	struct eventfd_ctx *io_fd = &fake_eventfds[VFIO_CCW_IO_IRQ_INDEX];
	struct fake_css *css = test->priv;
	struct ccw_io_region io;
	u32 i, word;

	fake_set_triggers(css);
	for (i = 0; i < 4; i++) {
		fake_start(css, FAKE_CPA);
		fake_interrupt(css, CHANNEL_ENDED, css->orb.cpa + 8, SCSW2_DEV_CE);
		if (i & 1)	/* the user has noticed it, and is about to read */
			atomic_set(&io_fd->count, 0);
		fake_interrupt(css, DEVICE_ENDED, 0, SCSW2_DEV_DE);
		KUNIT_EXPECT_EQ(test, read_into(css, &word, sizeof(word), IO + 24), 4);
		KUNIT_EXPECT_NE(test, atomic_read(&io_fd->count), 0);
		if (i & 2) {
			KUNIT_EXPECT_EQ(test, do_read(css, edge - 10, sizeof(io), IO), -EFAULT);
			KUNIT_EXPECT_EQ(test, atomic_read(&io_fd->count), 1);
			atomic_set(&io_fd->count, 0);
		}
		KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
		KUNIT_EXPECT_EQ(test, ((u32 *)io.irb_area)[IRB_SCSW2], CEDE);
		KUNIT_EXPECT_EQ(test, atomic_read(&io_fd->count), 0);
	}
}

/* a clear takes status away, but not its signal */
static void regions_no_signal_stays_behind_a_clear(struct kunit *test)
{
	struct eventfd_ctx *io_fd = &fake_eventfds[VFIO_CCW_IO_IRQ_INDEX];
	u32 clear = VFIO_CCW_ASYNC_CMD_CSCH;
	struct fake_css *css = test->priv;
	struct ccw_io_region io;

	fake_set_triggers(css);
	fake_start(css, FAKE_CPA);
	fake_interrupt(css, ENDED, css->orb.cpa + 8, CEDE);
	KUNIT_EXPECT_EQ(test, write_from(css, &clear, sizeof(clear), CMD), (ssize_t)sizeof(clear));
	/* noticed */
	atomic_set(&io_fd->count, 0);
	fake_interrupt(css, SCSW0_FC_CLEAR | SCSW0_SC_PEND, 0, 0);
	KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	KUNIT_EXPECT_EQ(test, *(u32 *)io.irb_area, SCSW0_FC_CLEAR | SCSW0_SC_PEND);
	KUNIT_EXPECT_EQ(test, atomic_read(&io_fd->count), 0);
}

static void regions_status_survives_a_failed_read(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;
	u32 irb[IRB_WORDS], part;

	fake_start(css, FAKE_CPA);
	fake_interrupt(css, ENDED, css->orb.cpa + 8, CEDE);
	for (part = 0; part < sizeof(io); part += 31) {
		KUNIT_EXPECT_EQ(test, do_read(css, edge - part, sizeof(io), IO), -EFAULT);
		KUNIT_EXPECT_TRUE(test, css->dev.status.pending);
	}
	KUNIT_EXPECT_EQ(test, read_into(css, &io, sizeof(io), IO), (ssize_t)sizeof(io));
	memcpy(irb, io.irb_area, sizeof(irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], ENDED | SCSW0_F | SCSW0_P);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
}

static void reset(struct fake_css *css)
{
	guard(mutex)(&css->dev.io_lock);
	KUNIT_EXPECT_EQ(css->test, vccw_quiesce_reset(&css->dev), 0);
}

static void start(struct fake_css *css)
{
	KUNIT_EXPECT_EQ(css->test, fake_start(css, FAKE_CPA), 0);
}

static void clear(struct fake_css *css)
{
	KUNIT_EXPECT_GE(css->test, fake_event(css, VCCW_EVENT_CLEAR), 0);
}

/* what happens while a read that is going to fail is in its copy, and what is shown then */
static const struct meanwhile_row {
	const char *name;
	void (*meanwhile)(struct fake_css *css);
	u32 scsw0;
	bool keeps_reports;
} meanwhile_rows[] = {
	{ "reset", reset, 0, false },
	{ "start", start, SCSW0_FC_START | SCSW0_AC_START_PEND, true },
	{ "clear", clear, SCSW0_FC_CLEAR | SCSW0_AC_CLEAR_PEND, true },
};

KUNIT_ARRAY_PARAM_DESC(meanwhile, meanwhile_rows, name);

/* status that is out of date by then does not come back, and nobody is told of it */
static void regions_status_does_not_survive_what_comes_meanwhile(struct kunit *test)
{
	const struct meanwhile_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_set_triggers(css);
	fake_start(css, FAKE_CPA);
	fake_interrupt(css, CHANNEL_ENDED, css->orb.cpa + 8, SCSW2_DEV_CE);
	fake_interrupt(css, DEVICE_ENDED, 0, SCSW2_DEV_DE);
	KUNIT_EXPECT_TRUE(test, css->dev.status.again);
	css->in_copy = row->meanwhile;
	KUNIT_EXPECT_EQ(test, do_read(css, edge - 7, sizeof(struct ccw_io_region), IO), -EFAULT);
	KUNIT_EXPECT_NULL(test, css->in_copy);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], row->scsw0);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0u);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[VFIO_CCW_IO_IRQ_INDEX].count), 0);
	if (row->scsw0)
		reset(css);
}

static void regions_failed_write_starts_nothing(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_io_region io;
	u32 part;

	for (part = 0; part < sizeof(io); part += 31)
		KUNIT_EXPECT_EQ(test, do_write(css, edge - part, sizeof(io), IO), -EFAULT);
	KUNIT_EXPECT_EQ(test, do_write(css, edge - 3, 4, CMD), -EFAULT);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
}

struct command_row {
	const char *name;
	u32 command;
	int answer;
	int ret;
	const char *log;
};

static const struct command_row command_rows[] = {
	{ "halt", VFIO_CCW_ASYNC_CMD_HSCH, 0, 0, "halt" },
	{ "clear", VFIO_CCW_ASYNC_CMD_CSCH, 0, 0, "clear" },
	{ "halt_busy", VFIO_CCW_ASYNC_CMD_HSCH, -EBUSY, -EBUSY, "halt" },
	{ "halt_gone", VFIO_CCW_ASYNC_CMD_HSCH, -ENODEV, -ENODEV, "halt" },
	{ "clear_gone", VFIO_CCW_ASYNC_CMD_CSCH, -ENODEV, -ENODEV, "clear" },
	{ "none", 0, 0, -EINVAL, "" },
	{ "resume_of_nothing", VFIO_CCW_ASYNC_CMD_RSCH, 0, -EBUSY, "" },
	{ "both", VFIO_CCW_ASYNC_CMD_HSCH | VFIO_CCW_ASYNC_CMD_CSCH, 0, -EINVAL, "" },
	{ "unknown", 0x80000000, 0, -EINVAL, "" },
};

KUNIT_ARRAY_PARAM_DESC(command, command_rows, name);

static void regions_command_and_its_return_code(struct kunit *test)
{
	const struct command_row *row = test->param_value;
	struct fake_css *css = test->priv;
	struct ccw_cmd_region cmd = { .command = row->command, .ret_code = 77 };

	fake_answer(css, FAKE_HALT, row->answer);
	fake_answer(css, FAKE_CLEAR, row->answer);
	KUNIT_EXPECT_EQ(test, write_from(css, &cmd, sizeof(cmd), CMD),
			row->ret ?: (ssize_t)sizeof(cmd));
	KUNIT_EXPECT_STREQ(test, fake_log(css), row->log);
	KUNIT_EXPECT_EQ(test, read_into(css, &cmd, sizeof(cmd), CMD), (ssize_t)sizeof(cmd));
	KUNIT_EXPECT_EQ(test, cmd.command, row->command);
	KUNIT_EXPECT_EQ(test, (int)cmd.ret_code, row->ret);
}

static void regions_part_of_a_command_is_none(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 command = VFIO_CCW_ASYNC_CMD_CSCH;

	KUNIT_EXPECT_EQ(test, write_from(css, &command, 3, CMD), -EINVAL);
	KUNIT_EXPECT_EQ(test, write_from(css, &command, 4, CMD + 4), -EINVAL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, write_from(css, &command, 4, CMD), 4);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "clear");
}

static void regions_schib_is_fresh_and_not_the_hosts(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct schib schib;

	css->sch.schib.pmcw.intparm = 0x12345678;
	css->sch.schib.pmcw.dev = 0x2b09;
	css->sch.schib.pmcw.pam = 0xff;
	memset(&css->sch.schib.scsw.cmd.cpa, 0x76, sizeof(schib.scsw.cmd.cpa));
	css->sch.schib.scsw.cmd.actl = SCSW_ACTL_SUSPENDED;
	memset(&css->sch.schib.mba, 0x12, sizeof(schib.mba));
	KUNIT_EXPECT_EQ(test, read_into(css, &schib, sizeof(schib), SCHIB), (ssize_t)sizeof(schib));
	KUNIT_EXPECT_STREQ(test, fake_log(css), "schib");
	KUNIT_EXPECT_EQ(test, schib.pmcw.intparm, 0u);
	KUNIT_EXPECT_EQ(test, (u32)schib.pmcw.dev, 0x2b09u);
	KUNIT_EXPECT_EQ(test, (u32)schib.pmcw.pam, 0xf0u);
	KUNIT_EXPECT_NULL(test, memchr_inv(&schib.scsw.cmd.cpa, 0, sizeof(schib.scsw.cmd.cpa)));
	KUNIT_EXPECT_EQ(test, (u32)schib.scsw.cmd.actl, SCSW_ACTL_SUSPENDED);
	KUNIT_EXPECT_NULL(test, memchr_inv(&schib.mba, 0, sizeof(schib.mba)));
	KUNIT_EXPECT_EQ(test, css->sch.schib.pmcw.intparm, 0x12345678u);
	KUNIT_EXPECT_EQ(test, do_read(css, edge - 10, sizeof(schib), SCHIB), -EFAULT);
}

static void regions_schib_of_a_lost_device(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_answer(css, FAKE_SCHIB, -ENODEV);
	KUNIT_EXPECT_EQ(test, do_read(css, user, 52, SCHIB), -ENODEV);
	fake_event(css, VCCW_EVENT_LOST);
	css->log[0] = 0;
	KUNIT_EXPECT_EQ(test, do_read(css, user, 52, SCHIB), -ENODEV);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
}

static void add_reports(struct fake_css *css, u32 n)
{
	guard(spinlock_irq)(&css->sch.lock);
	while (n)
		vccw_crw_add(&css->dev.crws, n--);
}

static void regions_reports_come_one_by_one_and_end(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_crw_region crw;
	u32 i;

	add_reports(css, 3);
	for (i = 3; i; i--) {
		KUNIT_EXPECT_EQ(test, read_into(css, &crw, 4, CRW), 4);
		KUNIT_EXPECT_EQ(test, crw.crw, i);
		KUNIT_EXPECT_EQ(test, read_into(css, &crw, 8, CRW), 8);
		KUNIT_EXPECT_EQ(test, crw.crw, i);
		KUNIT_EXPECT_EQ(test, crw.pad, 0u);
	}
	KUNIT_EXPECT_EQ(test, read_into(css, &crw, 8, CRW), 8);
	KUNIT_EXPECT_EQ(test, crw.crw, 0u);
}

static void regions_report_survives_a_failed_read(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct ccw_crw_region crw;

	add_reports(css, 2);
	KUNIT_EXPECT_EQ(test, do_read(css, edge - 7, 8, CRW), -EFAULT);
	KUNIT_EXPECT_EQ(test, do_read(css, edge, 8, CRW), -EFAULT);
	KUNIT_EXPECT_EQ(test, read_into(css, &crw, 8, CRW), 8);
	KUNIT_EXPECT_EQ(test, crw.crw, 2u);
	KUNIT_EXPECT_EQ(test, read_into(css, &crw, 8, CRW), 8);
	KUNIT_EXPECT_EQ(test, crw.crw, 1u);
}

static void regions_report_does_not_survive_a_reset(struct kunit *test)
{
	const struct meanwhile_row *row = test->param_value;
	struct fake_css *css = test->priv;
	struct ccw_crw_region crw;

	add_reports(css, 2);
	css->in_copy = row->meanwhile;
	KUNIT_EXPECT_EQ(test, do_read(css, edge - 7, 8, CRW), -EFAULT);
	KUNIT_EXPECT_NULL(test, css->in_copy);
	KUNIT_EXPECT_EQ(test, read_into(css, &crw, 8, CRW), 8);
	KUNIT_EXPECT_EQ(test, crw.crw, row->keeps_reports ? 2u : 0u);
	reset(css);
}

static void regions_info_describes_them(struct kunit *test)
{
	struct vfio_region_info_cap_type *type;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(region); i++) {
		struct vfio_region_info info = { .argsz = sizeof(info), .index = i };
		struct vfio_info_cap caps = {};

		KUNIT_ASSERT_EQ(test, vccw_region_info(&info, &caps), 0);
		KUNIT_EXPECT_EQ(test, (u64)info.offset, (u64)region[i].at);
		KUNIT_EXPECT_EQ(test, (u64)info.size, (u64)region[i].size);
		KUNIT_EXPECT_EQ(test, info.flags & (VFIO_REGION_INFO_FLAG_READ |
						    VFIO_REGION_INFO_FLAG_WRITE |
						    VFIO_REGION_INFO_FLAG_MMAP),
				VFIO_REGION_INFO_FLAG_READ |
				(region[i].writable ? VFIO_REGION_INFO_FLAG_WRITE : 0));
		if (!i) {
			KUNIT_EXPECT_EQ(test, caps.size, (size_t)0);
			continue;
		}
		KUNIT_ASSERT_EQ(test, caps.size, sizeof(*type));
		type = (void *)caps.buf;
		KUNIT_EXPECT_EQ(test, type->header.id, VFIO_REGION_INFO_CAP_TYPE);
		KUNIT_EXPECT_EQ(test, type->header.version, 1);
		KUNIT_EXPECT_EQ(test, type->type, (u32)VFIO_REGION_TYPE_CCW);
		KUNIT_EXPECT_EQ(test, type->subtype, i);
		kfree(caps.buf);
	}
}

static void regions_info_of_others_is_refused(struct kunit *test)
{
	static const u32 index[] = { 4, 5, 0x7fffffff, 0x80000000, U32_MAX };
	struct vfio_info_cap caps = {};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(index); i++) {
		struct vfio_region_info info = { .argsz = sizeof(info), .index = index[i] };

		KUNIT_EXPECT_EQ(test, vccw_region_info(&info, &caps), -EINVAL);
		KUNIT_EXPECT_NULL(test, caps.buf);
	}
}

static struct kunit_case regions_cases[] = {
	KUNIT_CASE(regions_reads_stay_inside),
	KUNIT_CASE(regions_writes_stay_inside),
	KUNIT_CASE(regions_others_do_not_exist),
	KUNIT_CASE(regions_write_of_the_whole_starts),
	KUNIT_CASE(regions_write_has_to_have_orb_and_scsw),
	KUNIT_CASE_PARAM(regions_request_and_its_return_code, request_gen_params),
	KUNIT_CASE(regions_never_say_try_again),
	KUNIT_CASE(regions_read_takes_the_status),
	KUNIT_CASE(regions_no_signal_stays_behind),
	KUNIT_CASE(regions_no_signal_stays_behind_a_clear),
	KUNIT_CASE(regions_status_survives_a_failed_read),
	KUNIT_CASE_PARAM(regions_status_does_not_survive_what_comes_meanwhile,
			 meanwhile_gen_params),
	KUNIT_CASE(regions_failed_write_starts_nothing),
	KUNIT_CASE_PARAM(regions_command_and_its_return_code, command_gen_params),
	KUNIT_CASE(regions_part_of_a_command_is_none),
	KUNIT_CASE(regions_schib_is_fresh_and_not_the_hosts),
	KUNIT_CASE(regions_schib_of_a_lost_device),
	KUNIT_CASE(regions_reports_come_one_by_one_and_end),
	KUNIT_CASE(regions_report_survives_a_failed_read),
	KUNIT_CASE_PARAM(regions_report_does_not_survive_a_reset, meanwhile_gen_params),
	KUNIT_CASE(regions_info_describes_them),
	KUNIT_CASE(regions_info_of_others_is_refused),
	{}
};

static struct kunit_suite regions_suite = {
	.name = "vfio_ccw_regions",
	.init = regions_init,
	.exit = fake_css_exit,
	.test_cases = regions_cases,
};

kunit_test_suite(regions_suite);
