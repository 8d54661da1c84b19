// SPDX-License-Identifier: GPL-2.0-only
/* What every test starts from. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "libccw.h"

const char *ccw_uuid(unsigned int nr)
{
	static char uuid[40];
	const char *list = getenv("VFIO_CCW_UUID");

	while (list) {
		size_t n;

		while (isspace(*list))
			list++;
		n = strcspn(list, " \t\n");
		if (!n)
			break;
		if (!nr--) {
			snprintf(uuid, sizeof(uuid), "%.*s", (int)n,
				 list);
			return uuid;
		}
		list += n;
	}
	return NULL;
}

const char *ccw_env_open_uuid(struct ccw_env *e, const char *uuid,
			      enum ccw_iommu_mode mode, int *rc)
{
	memset(e, 0, sizeof(*e));
	e->iommu.fd = e->dev.fd = e->dev.group = -1;
	if (!uuid)
		return "no mdev named in VFIO_CCW_UUID; see setup.sh";
	if (mode != IOMMU_TYPE1 && access("/dev/iommu", F_OK))
		return "this kernel has no /dev/iommu";

	*rc = _ccw_iommu_open(&e->iommu, mode);
	if (!*rc)
		*rc = _ccw_dev_open(&e->dev, &e->iommu, uuid);
	if (!*rc)
		*rc = _ccw_mem_create(&e->mem, &e->iommu, ENV_IOVA, ENV_SIZE,
				      0);
	if (!*rc)
		*rc = _ccw_probe(&e->dev, &e->mem);
	if (!*rc)
		ccw_prog_init(&e->p, &e->mem, ENV_IOVA, 1);
	return NULL;
}

const char *ccw_env_open(struct ccw_env *e, enum ccw_iommu_mode mode, int *rc)
{
	return ccw_env_open_uuid(e, ccw_uuid(0), mode, rc);
}

u32 ccw_hw_scsw(struct ccw_dev *dev)
{
	struct ccw_schib schib;

	return _ccw_read_region(dev, REGION_SCHIB, &schib) ? 0 :
							     schib.scsw.flags;
}

void ccw_env_close(struct ccw_env *e)
{
	ccw_mem_destroy(&e->mem);
	ccw_dev_close(&e->dev);
	ccw_iommu_close(&e->iommu);
}

#define FOR_EVER_ARG	(ENV_IOVA + 0x10000)
#define FOR_EVER_IN	(ENV_IOVA + 0x30000)

/*
 * Stays until the host asks for the device: one that nobody has open any more when the
 * host looks at it, and finds another like it, has lost nothing.
 */
static void __attribute__((noreturn)) for_ever_is_over(struct ccw_env *e, int rc)
{
	if (rc == -ETIMEDOUT)
		_exit(3);
	_exit(_ccw_wait_irq(&e->dev, IRQ_REQ, 60000) ? 4 : 2);
}

/* opens the device; a program of many pages */
static struct ccw_orb long_program(struct ccw_env *e, const char *uuid,
				   enum ccw_iommu_mode mode)
{
	int rc = 0, i;

	if (ccw_env_open_uuid(e, uuid, mode, &rc) || rc)
		_exit(1);
	for (i = 0; i < 100; i++)
		ccw_put(&e->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
			FOR_EVER_IN + i * CCW_PAGE);
	ccw_put(&e->p, CMD_NOP, CCW_SLI, 1, FOR_EVER_ARG);
	return ccw_orb(&e->p);
}

/* the same with one that is suspended, as the emulator does it, and stays so */
static struct ccw_orb suspended_program(struct ccw_env *e, const char *uuid,
					enum ccw_iommu_mode mode)
{
	struct ccw_orb orb;
	int rc = 0;

	if (ccw_env_open_uuid(e, uuid, mode, &rc) || rc)
		_exit(1);
	ccw_put(&e->p, CMD_NOP, CCW_SLI | CCW_CC, 1, FOR_EVER_ARG);
	ccw_put(&e->p, CMD_NOP, CCW_SLI | CCW_S, 1, FOR_EVER_ARG);
	orb = ccw_orb(&e->p);
	orb.flags |= ORB_S;
	return orb;
}

void ccw_io_for_ever(const char *uuid, enum ccw_iommu_mode mode)
{
	struct ccw_env e;
	struct ccw_orb orb = long_program(&e, uuid, mode);
	struct ccw_irb irb;
	int rc;

	do {
		rc = _ccw_run(&e.dev, &orb, &irb);
	} while (!rc);
	for_ever_is_over(&e, rc);
}

void ccw_suspended_for_ever(const char *uuid, enum ccw_iommu_mode mode)
{
	struct ccw_env e;
	struct ccw_orb orb = suspended_program(&e, uuid, mode);
	struct ccw_irb irb;
	int rc;

	rc = _ccw_start(&e.dev, &orb);
	/* the machine may tell of the suspension, or not */
	while (!rc) {
		rc = _ccw_status(&e.dev, &irb, 60000);
		if (!rc && ccw_ends_start(&irb.scsw))
			break;
	}
	for_ever_is_over(&e, rc);
}

static bool asked(struct ccw_env *e)
{
	return !_ccw_wait_irq(&e->dev, IRQ_REQ, 0);
}

static void __attribute__((noreturn)) asked_and_closed(struct ccw_env *e)
{
	ccw_env_close(e);
	_exit(2);
}

void ccw_io_until_asked(const char *uuid, enum ccw_iommu_mode mode)
{
	struct ccw_env e;
	struct ccw_orb orb = long_program(&e, uuid, mode);
	struct ccw_irb irb;
	int rc;

	while (!asked(&e)) {
		rc = _ccw_run(&e.dev, &orb, &irb);
		if (rc)
			_exit(rc == -ETIMEDOUT ? 3 : 4);
		if (irb.scsw.dstat != (DSTAT_CE | DSTAT_DE) || irb.scsw.cpa != e.p.next)
			_exit(5);
	}
	asked_and_closed(&e);
}

void ccw_io_cut_short(const char *uuid, enum ccw_iommu_mode mode)
{
	struct ccw_env e;
	struct ccw_orb orb = long_program(&e, uuid, mode);
	struct ccw_irb irb;

	for (;;) {
		if (_ccw_start(&e.dev, &orb))
			_exit(4);
		if (asked(&e))
			asked_and_closed(&e);
		if (_ccw_final_status(&e.dev, &irb, CCW_TIMEOUT_MS))
			_exit(3);
	}
}

void ccw_suspended_until_asked(const char *uuid, enum ccw_iommu_mode mode)
{
	struct ccw_env e;
	struct ccw_orb orb = suspended_program(&e, uuid, mode);

	if (_ccw_start(&e.dev, &orb))
		_exit(4);
	if (_ccw_wait_irq(&e.dev, IRQ_REQ, 60000))
		_exit(6);
	asked_and_closed(&e);
}
