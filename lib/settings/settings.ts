import type { z } from 'zod';
import { ACCOUNT_SETTINGS, type AccountSettings } from './account-settings.ts';
import { ANNOUNCE_SETTINGS, type AnnounceSettings } from './announce-settings.ts';
import { STORAGE_SETTINGS, type StorageSettings } from './storage-settings.ts';
import { SWEEP_SETTINGS, type SweepSettings } from './sweep-settings.ts';
import { WATCH_SETTINGS, type WatchSettings } from './watch-settings.ts';

/**
 * What a deployment can be told: by CDK context, as docs/settings.md says, or as props. Texts in a list are written as in
 * the context.
 */
export interface Settings extends SweepSettings, AccountSettings, WatchSettings, AnnounceSettings, StorageSettings {}

/** Every setting, by its CDK context key. */
export const SETTINGS = {
  ...SWEEP_SETTINGS,
  ...ACCOUNT_SETTINGS,
  ...WATCH_SETTINGS,
  ...ANNOUNCE_SETTINGS,
  ...STORAGE_SETTINGS,
} as const;

/** {@link Settings}, checked and complete. */
export type CheckedSettings = { readonly [Key in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Key]['schema']> };
