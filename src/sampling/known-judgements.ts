/**
 * Judgements by what they depend on: the bytes of the memory and the results of the actors. Samples that ended alike are judged
 * once, because observe() and invariant() may look at nothing else. Looking one up takes a tenth of the time of a judgement.
 */
import type { SampleJudgement } from '../stress/samples/subject.ts'

/** A node of the tree: by the next word or result, the rest of the tree. */
type Node = Map<unknown, unknown>

/** The judgements on samples of one scenario. */
export class KnownJudgements {
  readonly #root: Node = new Map()
  #size = 0

  /** Returns the judgement on a sample that ended with these words and results; calls `judge` if there is none yet. */
  get(words: readonly Int32Array[], results: readonly unknown[], judge: () => SampleJudgement): SampleJudgement {
    if (this.#size >= MOST || !results.every(isPlainKey)) return judge()
    let node = this.#root
    for (const some of words) for (let at = 0; at < some.length; at++) node = below(node, some[at])
    for (let at = 0; at < results.length - 1; at++) node = below(node, results[at])
    const last = results.at(-1)
    const known = node.get(last) as SampleJudgement | undefined
    if (known !== undefined) return known
    const judgement = judge()
    node.set(last, judgement)
    this.#size++
    return judgement
  }
}

/** The most judgements to keep. Samples that all end differently would fill the memory. */
const MOST = 10_000

function below(node: Node, key: unknown): Node {
  let next = node.get(key) as Node | undefined
  if (next === undefined) node.set(key, (next = new Map()))
  return next
}

/** Whether a map tells a result from all others: it takes -0 for 0, and has no key for what an object contains. */
function isPlainKey(result: unknown): boolean {
  if (typeof result === 'number') return result !== 0 || 1 / result > 0
  return result === null || (typeof result !== 'object' && typeof result !== 'function')
}
