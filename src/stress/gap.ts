/**
 * The gap: what is made to happen between an operation's read and its write, so that the race there is wide enough to be seen.
 * Nothing is counted wrong on purpose; a gap only takes time.
 *
 * Sleeping in the gap hands the core to another thread, so that the race happens for certain, also on a machine that has
 * only one core to give; doing so now and then leaves the other operations at their own speed.
 */
import { RacelabError } from '../errors.ts'

export type Gap =
  | { readonly kind: 'none' }
  | { readonly kind: 'spin'; readonly microseconds: number; readonly every: number }
  | { readonly kind: 'sleep'; readonly milliseconds: number; readonly every: number }

/** The gap is not one that can be made. */
export class GapError extends RacelabError {
  readonly code = 'ERR_RACELAB_GAP'

  constructor(text: string) {
    super(
      `"${text}" is not a gap. Say none, spin:<microseconds up to 1000000> or sleep:<milliseconds up to 10000>, ` +
        'and /<n> behind it to have it only in every nth operation: sleep:0.05/50.',
    )
  }
}

/** Reads `none`, `spin:5`, `sleep:0.1`, `sleep:0.05/50`. Throws GapError. */
export function parseGap(text: string): Gap {
  if (text === 'none') return { kind: 'none' }
  const parts = /^(spin|sleep):(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text)
  if (parts === null) throw new GapError(text)
  const kind = parts[1]
  const amount = Number(parts[2])
  const every = Number(parts[3] ?? 1)
  if (every < 1 || amount > (kind === 'spin' ? 1e6 : 1e4)) throw new GapError(text)
  return kind === 'spin' ? { kind, microseconds: amount, every } : { kind: 'sleep', milliseconds: amount, every }
}

/** A function that makes the gap each time it is called, or each nth time, the first included. */
export function pauseOf(gap: Gap): () => void {
  if (gap.kind === 'none') return () => {}
  let calls = 0
  const make = gap.kind === 'spin' ? () => spin(gap.microseconds) : () => sleep(gap.milliseconds)
  return () => {
    if (calls++ % gap.every === 0) make()
  }
}

function spin(microseconds: number): void {
  const end = performance.now() + microseconds / 1000
  while (performance.now() < end);
}

const nothing = new Int32Array(new SharedArrayBuffer(4))

function sleep(milliseconds: number): void {
  Atomics.wait(nothing, 0, 0, milliseconds)
}
