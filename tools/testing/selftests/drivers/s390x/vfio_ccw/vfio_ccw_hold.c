// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_ccw_hold suspended|busy: keeps a program in flight on device 0, or one after
 * the other, for as long as it is let. Says "held" when there is one.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "libccw.h"

#define IN	(ENV_IOVA + 0x30000)

static int fail(const char *what, int rc)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-rc));
	return 1;
}

static int held(void)
{
	puts("held");
	return fflush(stdout);
}

/* the device stops before the second CCW, and nobody resumes it */
static int suspended(struct ccw_env *e)
{
	struct ccw_orb orb;
	int rc;

	ccw_put(&e->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	ccw_put(&e->p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, IN + CCW_PAGE);
	orb = ccw_orb(&e->p);
	orb.flags |= ORB_S;
	rc = _ccw_start(&e->dev, &orb);
	if (rc)
		return fail("start", rc);
	held();
	for (;;)
		pause();
}

static int busy(struct ccw_env *e)
{
	struct ccw_orb orb;
	struct ccw_irb irb;
	int rc;

	ccw_put(&e->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	orb = ccw_orb(&e->p);
	rc = _ccw_run(&e->dev, &orb, &irb);
	held();
	while (!rc)
		rc = _ccw_run(&e->dev, &orb, &irb);
	return fail("it goes on no more", rc);
}

int main(int argc, char **argv)
{
	struct ccw_env e;
	const char *why;
	int rc = 0;

	if (argc != 2 || (strcmp(argv[1], "suspended") && strcmp(argv[1], "busy"))) {
		fprintf(stderr, "usage: %s suspended|busy\n", argv[0]);
		return 2;
	}
	why = ccw_env_open(&e, IOMMU_TYPE1, &rc);
	if (why) {
		fprintf(stderr, "%s\n", why);
		return 4;
	}
	if (rc)
		return fail("open", rc);
	return *argv[1] == 's' ? suspended(&e) : busy(&e);
}
