// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suites call of the driver. Part of the driver only if the suites
 * are built, so that the driver's own files need not know of them.
 */
#include <kunit/visibility.h>
#include <linux/export.h>

#include "../vfio_ccw.h"

EXPORT_SYMBOL_IF_KUNIT(cp_destroy);
EXPORT_SYMBOL_IF_KUNIT(cp_footprint);
EXPORT_SYMBOL_IF_KUNIT(cp_forget);
EXPORT_SYMBOL_IF_KUNIT(cp_go_on);
EXPORT_SYMBOL_IF_KUNIT(cp_goes_on);
EXPORT_SYMBOL_IF_KUNIT(cp_grow);
EXPORT_SYMBOL_IF_KUNIT(cp_init);
EXPORT_SYMBOL_IF_KUNIT(cp_lead_back);
EXPORT_SYMBOL_IF_KUNIT(cp_lead_on);
EXPORT_SYMBOL_IF_KUNIT(cp_orb_check);
EXPORT_SYMBOL_IF_KUNIT(cp_pauses);
EXPORT_SYMBOL_IF_KUNIT(cp_retranslate);
EXPORT_SYMBOL_IF_KUNIT(cp_status);
EXPORT_SYMBOL_IF_KUNIT(cp_suspended);
EXPORT_SYMBOL_IF_KUNIT(cp_translate);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_add);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_nth);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_peek);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_reset);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_take);
EXPORT_SYMBOL_IF_KUNIT(vccw_crw_untake);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_begin);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_close);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_create);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_destroy);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_end);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_ready);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_reap);
EXPORT_SYMBOL_IF_KUNIT(vccw_iotlb_unmap);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_abort);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_accepted);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_add);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_check);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_hide);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_is_final);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_lose);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_peek);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_refuses);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_reset);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_resumable);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_resumed);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_started);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_suspended);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_take);
EXPORT_SYMBOL_IF_KUNIT(vccw_status_untake);
