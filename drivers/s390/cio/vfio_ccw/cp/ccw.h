/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of the channel architecture: ORB, CCW, IDAW, SCSW and ESW as
 * big-endian words and masks. Bit-field structs are avoided so that the
 * same file reads the same bytes on a little-endian build machine.
 *
 * Sections refer to the z/Architecture Principles of Operation, SA22-7832.
 */
#ifndef VFIO_CCW_CP_CCW_H
#define VFIO_CCW_CP_CCW_H

/* ORB, word 1 (Chapter 15, "Operation-Request Block") */
#define ORB1_KEY	0xf0000000u	/* storage-access key */
#define ORB1_S		0x08000000u	/* suspend control */
#define ORB1_C		0x04000000u	/* streaming-mode control */
#define ORB1_M		0x02000000u	/* modification control */
#define ORB1_Y		0x01000000u	/* synchronization control */
#define ORB1_F		0x00800000u	/* CCW format: 1 = format 1 */
#define ORB1_P		0x00400000u	/* prefetch control */
#define ORB1_I		0x00200000u	/* initial-status interruption */
#define ORB1_A		0x00100000u	/* address-limit checking */
#define ORB1_U		0x00080000u	/* suppress suspended interruption */
#define ORB1_B		0x00040000u	/* transport mode */
#define ORB1_H		0x00020000u	/* format-2 IDAWs (64 bit) */
#define ORB1_T		0x00010000u	/* 2K blocks for format-2 IDAWs */
#define ORB1_LPM	0x0000ff00u	/* logical-path mask */
#define ORB1_L		0x00000080u	/* incorrect-length suppression mode */
#define ORB1_D		0x00000040u	/* modified CCW indirect addressing */
#define ORB1_ZERO	0x0000003eu	/* must be zero */
#define ORB1_X		0x00000001u	/* ORB extension */
#define ORB1_LPM_SHIFT	8

/* CCW flags, the same in both formats (Chapter 15, "CCW") */
#define CCW_FLAG_CD	0x80	/* chain data */
#define CCW_FLAG_CC	0x40	/* chain command */
#define CCW_FLAG_SLI	0x20	/* suppress length indication */
#define CCW_FLAG_SKIP	0x10	/* skip transfer to storage */
#define CCW_FLAG_PCI	0x08	/* program-controlled interruption */
#define CCW_FLAG_IDA	0x04	/* indirect data addressing */
#define CCW_FLAG_S	0x02	/* suspend */
#define CCW_FLAG_MIDA	0x01	/* modified indirect data addressing */

/*
 * MIDAW: two doublewords, the first with 40 zeros, flags and a count, the second
 * with an address (Chapter 15, "Modified-CCW-Indirect-Data Addressing")
 */
#define MIDAW_ZERO	(~0xffffffULL)
#define MIDAW_FLAGS	0x00ff0000u
#define MIDAW_LAST	0x00800000u	/* the last of its list */
#define MIDAW_SKIP	0x00400000u	/* skip transfer to storage */
#define MIDAW_COUNT	0x0000ffffu
#define MIDAW_SIZE	16u

/*
 * Transport mode (Chapter 15, "Transport Mode"; arch/s390/include/asm/fcx.h): words
 * 0 and 1 of the TCW, and a TIDAW's first doubleword, whose second is an address
 */
#define TCW0_INPUT_TIDA	0x00040000u
#define TCW0_TCCB_TIDA	0x00020000u
#define TCW0_OUTPUT_TIDA 0x00010000u
#define TCW0_ZERO	0xfff8ffffu	/* format 0, TIDAW format 0, and reserved */
#define TCW1_TCCBL	0x00fc0000u	/* words of the TCCB, but 5 */
#define TCW1_R		0x00020000u	/* there is input */
#define TCW1_W		0x00010000u	/* there is output */
#define TCW1_ZERO	0xff00ffffu
#define TCW1_TCCBL_SHIFT 18
#define TSB_SIZE	64u
#define TIDAW_LAST	0x8000000000000000ULL
#define TIDAW_SKIP	0x4000000000000000ULL	/* skip transfer to storage */
#define TIDAW_DATA_INT	0x2000000000000000ULL	/* interruption for this data */
#define TIDAW_TTIC	0x1000000000000000ULL	/* names the next run of TIDAWs */
#define TIDAW_CBC	0x0800000000000000ULL	/* insert check bytes */
#define TIDAW_ZERO	0x07ffffff00000000ULL
#define TIDAW_COUNT	0x00000000ffffffffULL
#define TIDAW_SIZE	16u

#define CCW_CMD_TIC	0x08
#define CCW_CMD_NOP	0x03

/* SCSW, word 0 (Chapter 16, "Subchannel-Status Word") */
#define SCSW0_KEY	0xf0000000u
#define SCSW0_S		0x08000000u
#define SCSW0_L		0x04000000u	/* extended-status-word format */
#define SCSW0_CC	0x03000000u	/* deferred condition code */
#define SCSW0_F		0x00800000u
#define SCSW0_P		0x00400000u
#define SCSW0_I		0x00200000u
#define SCSW0_A		0x00100000u
#define SCSW0_U		0x00080000u
#define SCSW0_Z		0x00040000u	/* zero condition code */
#define SCSW0_E		0x00020000u	/* extended control */
#define SCSW0_N		0x00010000u	/* path not operational */
#define SCSW0_FC_START	0x00004000u
#define SCSW0_FC_HALT	0x00002000u
#define SCSW0_FC_CLEAR	0x00001000u
#define SCSW0_FC	0x00007000u
#define SCSW0_AC_RESUME_PEND 0x00000800u
#define SCSW0_AC_START_PEND 0x00000400u
#define SCSW0_AC_HALT_PEND 0x00000200u
#define SCSW0_AC_CLEAR_PEND 0x00000100u
#define SCSW0_AC_SCHACT	0x00000080u	/* subchannel active */
#define SCSW0_AC_DEVACT	0x00000040u	/* device active */
#define SCSW0_AC_SUSP	0x00000020u	/* suspended */
#define SCSW0_AC	0x00000fe0u
#define SCSW0_SC_ALERT	0x00000010u
#define SCSW0_SC_INTER	0x00000008u
#define SCSW0_SC_PRIMARY 0x00000004u
#define SCSW0_SC_SECOND	0x00000002u
#define SCSW0_SC_PEND	0x00000001u
#define SCSW0_SC	0x0000001fu

/* what the guest's ORB decides in word 0 of its SCSW */
#define SCSW0_ECHO	(SCSW0_KEY | SCSW0_S | SCSW0_F | SCSW0_P | SCSW0_I | SCSW0_A | SCSW0_U)

/* SCSW, word 2: device status, subchannel status, residual count */
#define SCSW2_DSTAT	0xff000000u
#define SCSW2_DEV_SM	0x40000000u	/* status modifier */
#define SCSW2_DEV_CE	0x08000000u	/* channel end */
#define SCSW2_DEV_DE	0x04000000u	/* device end */
#define SCSW2_DEV_UC	0x02000000u	/* unit check */
#define SCSW2_DEV_UX	0x01000000u	/* unit exception */
#define SCSW2_CSTAT	0x00ff0000u
#define SCSW2_SCH_PCI	0x00800000u
#define SCSW2_SCH_IL	0x00400000u	/* incorrect length */
#define SCSW2_SCH_PROG	0x00200000u	/* program check */
#define SCSW2_SCH_PROT	0x00100000u	/* protection check */
#define SCSW2_SCH_CHECKS 0x003f0000u	/* these, and checks of the channel's own */
#define SCSW2_COUNT	0x0000ffffu

/* ESW format 0, word 1: extended-report word */
#define ERW_FSAVF	0x02000000u	/* failing-storage address valid */
#define ERW_CONS	0x01000000u	/* concurrent sense */
#define ERW_SCAVF	0x00800000u	/* secondary-CCW address valid */
#define ERW_FSAF	0x00400000u	/* failing-storage-address format */

/* IRB as words: SCSW 0..2, ESW 3..7, ECW 8..15, EMW 16..23 */
#define IRB_WORDS	24
#define IRB_SCSW0	0
#define IRB_CPA		1
#define IRB_SCSW2	2
#define IRB_ESW		3
#define IRB_ERW		4
#define IRB_FSA		5
#define IRB_SCA		7
#define IRB_ECW		8

#endif
