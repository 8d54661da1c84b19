// SPDX-License-Identifier: GPL-2.0-only
/* Which kind of device is this, and what does it understand? */
#include <stdio.h>
#include <stdlib.h>

#include "libccw.h"

#define NR_BACKENDS	(sizeof(backends) / sizeof(backends[0]))

static const struct ccw_backend *const backends[] = {
	&ccw_virtio_net, &ccw_virtio_blk, &ccw_virtio, &ccw_tn3270, &ccw_tn3274,
	&ccw_eckd, &ccw_fba, &ccw_tape, &ccw_tape_3590, &ccw_unit_record,
};

struct sense_id {
	u8 reserved;
	u8 cu_type[2];
	u8 cu_model;
	u8 dev_type[2];
	u8 dev_model;
};

/*
 * A device may first report what happened before it was ours: attention,
 * unit check for a reset. So a few tries.
 */
static int sense_id(struct ccw_dev *dev, struct ccw_mem *mem,
		    struct sense_id *id)
{
	u64 at = mem->iova + mem->size - CCW_PAGE;
	struct ccw_prog p;
	struct ccw_irb irb;
	struct ccw_orb orb;
	int rc = -EIO, tries;

	for (tries = 0; tries < 4; tries++) {
		ccw_prog_init(&p, mem, at, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, sizeof(*id), at + 64);
		orb = ccw_orb(&p);
		rc = _ccw_run(dev, &orb, &irb);
		if (rc)
			return rc;
		if (irb.scsw.dstat == (DSTAT_CE | DSTAT_DE)) {
			memcpy(id, ccw_hva(mem, at + 64), sizeof(*id));
			return 0;
		}
		rc = -EIO;
	}
	return rc;
}

bool ccw_may_write(void)
{
	const char *scratch = getenv("VFIO_CCW_SCRATCH");

	return scratch && !strcmp(scratch, "1");
}

/* what is left of a back-end if nothing may be written: no test gets around that */
static const struct ccw_backend *spare(unsigned int i)
{
	static struct ccw_backend spared[NR_BACKENDS];
	struct ccw_backend *b = &spared[i];

	*b = *backends[i];
	b->rw_len = 0;
	b->put_write = NULL;
	b->put_read = NULL;
	b->nr_blocks = 0;
	b->put_block = NULL;
	b->spared = true;
	return b;
}

const char *ccw_no_data(const struct ccw_backend *b)
{
	static char why[80];

	snprintf(why, sizeof(why), "%s %s", b->name, b->spared ?
		 "may have data that are wanted, see run.sh -w" :
		 "keeps no data");
	return why;
}

int _ccw_probe(struct ccw_dev *dev, struct ccw_mem *mem)
{
	struct sense_id id;
	unsigned int i;
	int rc = sense_id(dev, mem, &id);

	if (rc)
		return rc;
	dev->cu_type = id.cu_type[0] << 8 | id.cu_type[1];
	dev->cu_model = id.cu_model;
	dev->dev_type = id.dev_type[0] << 8 | id.dev_type[1];
	for (i = 0; i < NR_BACKENDS; i++) {
		const struct ccw_backend *b = backends[i];

		if (b->cu_type != dev->cu_type)
			continue;
		if (b->cu_model >= 0 && b->cu_model != dev->cu_model)
			continue;
		dev->backend = ccw_may_write() || !b->rw_len ? b : spare(i);
		return 0;
	}
	return -ENODEV;
}

void ccw_pattern(const struct ccw_dev *dev, u8 *buf, unsigned int seed)
{
	const struct ccw_backend *b = dev->backend;
	u32 i;

	/* every byte depends on the seed, the page and the place in it */
	for (i = 0; i < b->rw_len; i++)
		buf[i] = seed * 37 + i * 11 + (i >> 8);
}
