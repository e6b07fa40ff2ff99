import type { TestAnnouncement } from '../known/announcement.ts';
import { kindOfTransitions } from './transition.ts';

/** A test of the path: a transition that did not happen, marked as a test in every form. */
export const test = kindOfTransitions<TestAnnouncement>('test');
