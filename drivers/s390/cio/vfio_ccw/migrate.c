// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration, VFIO_MIGRATION_STOP_COPY: a stopped device is put into some bytes,
 * and another one takes them over.
 *
 * A device that is stopped has no program. So what is left of it is what the user
 * would find in the regions: status and channel reports that he has not taken.
 *
 * A session is the file through which the bytes pass. The user may keep it as
 * long as he likes; its end makes it useless to him. io_lock is not held while
 * something is copied from or to him.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iopoll.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

/* how long a program may take to end by itself, and how often that is looked at, in us */
#define MIGRATE_PATIENCE	(2 * USEC_PER_SEC)
#define MIGRATE_POLL		500

#define MIGRATE_MAGIC	0x76636377u	/* vccw */
#define MIGRATE_VERSION	1

/**
 * struct migrate_state - a stopped device, as another one gets it
 * @magic: %MIGRATE_MAGIC
 * @version: %MIGRATE_VERSION
 * @size: of all this, in bytes
 * @have: CP_HAVE_* that the user could rely on
 * @pending: 1 if @irb was not taken, else 0
 * @irb: the status; zeros if there is none
 * @nr_crws: how many channel reports were not taken
 * @crw: these, the oldest first; zeros behind them
 */
struct migrate_state {
	u32 magic;
	u16 version;
	u16 size;
	u32 have;
	u32 pending;
	u32 irb[IRB_WORDS];
	u32 nr_crws;
	u32 crw[VCCW_CRW_MAX];
};

/**
 * struct migrate_session - the bytes on their way
 * @lock: protects the rest
 * @ended: nothing passes any more
 * @pos: how much has passed; more than there is if the user wrote too much
 * @state: from or to the user; while a session reads it does not change
 */
struct migrate_session {
	spinlock_t lock;	/* the rest */
	bool ended;
	size_t pos;
	struct migrate_state state;
};

/* --- sessions ---------------------------------------------------------------- */

static ssize_t session_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct migrate_session *session = file->private_data;
	size_t pos;

	scoped_guard(spinlock, &session->lock) {
		if (session->ended)
			return -ENODEV;
		pos = session->pos;
		count = min(count, sizeof(session->state) - pos);
		session->pos += count;
	}
	if (!copy_to_user(buf, (u8 *)&session->state + pos, count))
		return count;
	guard(spinlock)(&session->lock);
	session->pos = pos;
	return -EFAULT;
}

static ssize_t session_write(struct file *file, const char __user *buf, size_t count,
			     loff_t *ppos)
{
	struct migrate_session *session = file->private_data;
	u8 untrusted[sizeof(session->state)];
	bool fits = count <= sizeof(untrusted);

	if (fits && copy_from_user(untrusted, buf, count))
		return -EFAULT;
	guard(spinlock)(&session->lock);
	if (session->ended)
		return -ENODEV;
	if (!fits || session->pos + count > sizeof(session->state)) {
		/* for good, so that the end of it is not taken for the end of all */
		session->pos = sizeof(session->state) + 1;
		return -EINVAL;
	}
	memcpy((u8 *)&session->state + session->pos, untrusted, count);
	session->pos += count;
	return count;
}

static int session_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations session_saving = {
	.owner = THIS_MODULE,
	.read = session_read,
	.release = session_release,
};

static const struct file_operations session_resuming = {
	.owner = THIS_MODULE,
	.write = session_write,
	.release = session_release,
};

/* one reference is the user's, one the device's */
static struct file *session_begin(struct vccw_device *dev, const struct file_operations *fops,
				  int flags)
{
	struct migrate_session *session = kzalloc_obj(*session);
	struct file *file;

	if (!session)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&session->lock);
	file = anon_inode_getfile("[vfio_ccw-migration]", fops, session, flags);
	if (IS_ERR(file)) {
		kfree(session);
		return file;
	}
	stream_open(file_inode(file), file);
	dev->mig_file = get_file(file);
	return file;
}

/* how much has passed; what the user wrote does not change any more */
static size_t session_end(struct vccw_device *dev, struct migrate_state *state)
{
	struct migrate_session *session = dev->mig_file->private_data;
	size_t pos;

	scoped_guard(spinlock, &session->lock) {
		session->ended = true;
		pos = session->pos;
		if (state)
			*state = session->state;
	}
	fput(dev->mig_file);
	dev->mig_file = NULL;
	return pos;
}

/* --- what passes -------------------------------------------------------------- */

static void state_save(struct vccw_device *dev, struct migrate_state *state)
{
	u32 i;

	state->magic = MIGRATE_MAGIC;
	state->version = MIGRATE_VERSION;
	state->size = sizeof(*state);
	state->have = dev->have;
	guard(spinlock_irq)(&dev->sch->lock);
	state->pending = dev->status.pending;
	if (state->pending)
		vccw_status_peek(&dev->status, state->irb);
	state->nr_crws = dev->crws.nr;
	for (i = 0; i < state->nr_crws; i++)
		state->crw[i] = vccw_crw_nth(&dev->crws, i);
}

static bool state_is_good(const struct vccw_device *dev, const struct migrate_state *state)
{
	const u32 *irb = state->irb;
	u32 i;

	if (state->magic != MIGRATE_MAGIC || state->version != MIGRATE_VERSION ||
	    state->size != sizeof(*state) || state->have & ~dev->have ||
	    state->pending > 1 || state->nr_crws > VCCW_CRW_MAX)
		return false;
	if (!state->pending && memchr_inv(irb, 0, sizeof(state->irb)))
		return false;
	/* nothing is in progress, so nothing may say so */
	if (state->pending && (!(irb[IRB_SCSW0] & SCSW0_SC_PEND) ||
			       (vccw_status_is_solicited(irb) && !vccw_status_is_final(irb))))
		return false;
	/* a report of zeros would be the end of them to the user */
	for (i = 0; i < state->nr_crws; i++)
		if (!state->crw[i])
			return false;
	return !memchr_inv(state->crw + i, 0, (VCCW_CRW_MAX - i) * sizeof(*state->crw));
}

/* what came in while the bytes were on their way is newer */
static void state_load(struct vccw_device *dev, const struct migrate_state *state)
{
	u32 i;

	guard(spinlock_irq)(&dev->sch->lock);
	if (state->pending)
		vccw_status_untake(&dev->status, state->irb);
	for (i = state->nr_crws; i--;)
		vccw_crw_untake(&dev->crws, state->crw[i]);
}

/* --- the arcs, each with io_lock held ------------------------------------------- */

/* memory is final then, and nobody but the user has it pinned */
static struct file *migrate_stop(struct vccw_device *dev)
{
	int ret = vccw_quiesce_freeze(dev);

	if (ret)
		return ERR_PTR(ret);
	vccw_iotlb_unmap(dev->iotlb, 0, U64_MAX);
	return NULL;
}

static struct file *migrate_run(struct vccw_device *dev)
{
	int ret;

	guard(spinlock_irq)(&dev->sch->lock);
	ret = vccw_fsm_event(dev, VCCW_EVENT_OPEN);
	if (ret)
		return ERR_PTR(ret);
	vccw_irq_remind(dev, VFIO_CCW_IO_IRQ_INDEX);
	vccw_irq_remind(dev, VFIO_CCW_CRW_IRQ_INDEX);
	return NULL;
}

static struct file *migrate_save(struct vccw_device *dev)
{
	struct file *file = session_begin(dev, &session_saving, O_RDONLY);
	struct migrate_session *session;

	if (IS_ERR(file))
		return file;
	session = file->private_data;
	state_save(dev, &session->state);
	dev->stats.saves++;
	return file;
}

static struct file *migrate_saved(struct vccw_device *dev)
{
	session_end(dev, NULL);
	return NULL;
}

static struct file *migrate_resume(struct vccw_device *dev)
{
	struct file *file = session_begin(dev, &session_resuming, O_WRONLY);

	if (IS_ERR(file))
		return file;
	guard(spinlock_irq)(&dev->sch->lock);
	vccw_status_reset(&dev->status);
	vccw_crw_reset(&dev->crws);
	return file;
}

static struct file *migrate_resumed(struct vccw_device *dev)
{
	struct migrate_state untrusted;

	if (session_end(dev, &untrusted) != sizeof(untrusted) ||
	    !state_is_good(dev, &untrusted)) {
		dev->mig_state = VFIO_DEVICE_STATE_ERROR;
		return ERR_PTR(-EINVAL);
	}
	state_load(dev, &untrusted);
	dev->stats.restores++;
	return NULL;
}

/* those that vfio_mig_get_next_state() takes for VFIO_MIGRATION_STOP_COPY */
#define STATES	(VFIO_DEVICE_STATE_RESUMING + 1)
static struct file *(*const migrate_arcs[STATES][STATES])(struct vccw_device *dev) = {
	[VFIO_DEVICE_STATE_RUNNING][VFIO_DEVICE_STATE_STOP] = migrate_stop,
	[VFIO_DEVICE_STATE_STOP][VFIO_DEVICE_STATE_RUNNING] = migrate_run,
	[VFIO_DEVICE_STATE_STOP][VFIO_DEVICE_STATE_STOP_COPY] = migrate_save,
	[VFIO_DEVICE_STATE_STOP_COPY][VFIO_DEVICE_STATE_STOP] = migrate_saved,
	[VFIO_DEVICE_STATE_STOP][VFIO_DEVICE_STATE_RESUMING] = migrate_resume,
	[VFIO_DEVICE_STATE_RESUMING][VFIO_DEVICE_STATE_STOP] = migrate_resumed,
};

/* is there nothing to wait for? */
static bool migrate_is_idle(struct vccw_device *dev)
{
	guard(spinlock_irq)(&dev->sch->lock);
	return dev->state != VCCW_STATE_BUSY || vccw_status_suspended(&dev->status);
}

/* without io_lock, so that a program that paused goes on */
static void migrate_await_end(struct vccw_device *dev)
{
	bool idle;

	read_poll_timeout(migrate_is_idle, idle, idle, MIGRATE_POLL, MIGRATE_PATIENCE, false, dev);
}

static struct file *migrate_set_state(struct vfio_device *vdev, enum vfio_device_mig_state to)
{
	struct vccw_device *dev = to_vccw_device(vdev);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	if (to != VFIO_DEVICE_STATE_RUNNING)
		migrate_await_end(dev);
	guard(mutex)(&dev->io_lock);
	/* vfio takes it for a bug of the driver's to be asked for a way out of this one */
	if (dev->mig_state == VFIO_DEVICE_STATE_ERROR)
		return ERR_PTR(-EINVAL);
	for (;;) {
		ret = vfio_mig_get_next_state(vdev, dev->mig_state, to, &next);
		if (ret)
			return ERR_PTR(ret);
		if (next == dev->mig_state)
			return file;
		file = migrate_arcs[dev->mig_state][next](dev);
		trace_vfio_ccw_migrate(dev, next, PTR_ERR_OR_ZERO(file));
		if (IS_ERR(file))
			return file;
		dev->mig_state = next;
	}
}

static int migrate_get_state(struct vfio_device *vdev, enum vfio_device_mig_state *state)
{
	struct vccw_device *dev = to_vccw_device(vdev);

	guard(mutex)(&dev->io_lock);
	*state = dev->mig_state;
	return 0;
}

static int migrate_get_data_size(struct vfio_device *vdev, unsigned long *size)
{
	*size = sizeof(struct migrate_state);
	return 0;
}

static const struct vfio_migration_ops migrate_ops = {
	.migration_set_state = migrate_set_state,
	.migration_get_state = migrate_get_state,
	.migration_get_data_size = migrate_get_data_size,
};

/* --- what device.c asks for ------------------------------------------------------- */

void vccw_migrate_init(struct vccw_device *dev)
{
	dev->vdev.migration_flags = VFIO_MIGRATION_STOP_COPY;
	dev->vdev.mig_ops = &migrate_ops;
	dev->mig_state = VFIO_DEVICE_STATE_RUNNING;
}

void vccw_migrate_reset(struct vccw_device *dev)
{
	lockdep_assert_held(&dev->io_lock);
	if (dev->mig_file)
		session_end(dev, NULL);
	dev->mig_state = VFIO_DEVICE_STATE_RUNNING;
}
