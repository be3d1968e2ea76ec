/**
 * The gap: what an operation does between its read and its write, so that the race between them happens often enough to be
 * seen. A gap only takes time; it changes nothing else.
 *
 * Sleeping in the gap gives the core to another thread, so the race happens for certain, even on a machine with one core.
 * A gap in every nth operation leaves the other operations at full speed.
 */
import { RacelabError } from '../errors.ts'

/** No gap, or a gap of some time in every nth operation. */
export type Gap =
  | { readonly kind: 'none' }
  | { readonly kind: 'spin'; readonly microseconds: number; readonly every: number }
  | { readonly kind: 'sleep'; readonly milliseconds: number; readonly every: number }

/** The text is not a gap. */
export class GapError extends RacelabError {
  readonly code = 'ERR_RACELAB_GAP'

  constructor(text: string) {
    super(
      `"${text}" is not a gap. Give none, spin:<microseconds up to 1000000> or sleep:<milliseconds up to 10000>. ` +
        'Add /<n> for a gap in every nth operation only, as in sleep:0.05/50.',
    )
  }
}

/** Parses a gap: `none`, `spin:<µs>` or `sleep:<ms>`, with `/<n>` for every nth operation. Throws GapError. */
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

/** Returns a function that makes the gap in every nth call, beginning with the first. */
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

/** Made when it is needed first: a page that shares no memory can still parse gaps. */
let nothing: Int32Array | undefined

function sleep(milliseconds: number): void {
  nothing ??= new Int32Array(new SharedArrayBuffer(4))
  Atomics.wait(nothing, 0, 0, milliseconds)
}
