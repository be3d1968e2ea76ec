/** The verdicts on a run in words. */
import type { RunVerdict } from '../run-thread-lesson.ts'

/** The words that `lab explore` has too. What they say of a run holds for this run only. */
export const RUN_WORDS: { readonly [Each in RunVerdict]: string } = {
  broke: 'fails',
  held: 'holds',
  failed: 'FAILS: declared sound',
  inconclusive: 'did not fail',
}
