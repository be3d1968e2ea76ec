/** The answers of an actor's last round. A prediction uses them up in their order. */
import type { Access } from '../../model/access.ts'
import { Kind } from '../../model/access.ts'
import { sharedView } from '../../model/shared-view.ts'
import { MadeBuffer, MadeView } from './made-view.ts'
import { Obstacle, UnknownVariable } from './values.ts'

/** An access of the last round, and the answer that it got. */
export interface Answer {
  readonly access: Access
  readonly result: unknown
}

/** The answers of one round. */
export class Answers {
  readonly #answers: readonly Answer[]
  #next = 0
  /** The buffers that the last round made, and how many of them the prediction has made. */
  readonly #buffers: readonly SharedArrayBuffer[]
  #made = 0

  constructor(answers: readonly Answer[]) {
    this.#answers = answers.filter(({ access }) => access.kind !== Kind.LOCAL)
    this.#buffers = answers
      .filter(({ access }) => access.kind === Kind.LOCAL)
      .map(({ result }) => result as SharedArrayBuffer)
  }

  /** Whether the prediction has come to the access at the end of the round. */
  get areUsedUp(): boolean {
    return this.#next === this.#answers.length
  }

  /** Whether the prediction has made as many buffers as the last round. */
  get buffersAreUsedUp(): boolean {
    return this.#made === this.#buffers.length
  }

  /**
   * Whether an access is the one that the actor made next in the last round. Where the values of variables are unknown, so
   * are the view and the index (known-loops.ts).
   */
  isNext(kind: Kind, view: unknown, index: unknown): boolean {
    const { access } = this.#answers[this.#next]!
    const sameView = view instanceof MadeView ? view.isLike(access.view.proxy) : sharedView(view) === access.view
    const sameIndex = index === access.index || index instanceof UnknownVariable
    return access.kind === kind && sameIndex && (sameView || view instanceof UnknownVariable)
  }

  /** Returns the next answer. */
  take(): unknown {
    return this.#answers[this.#next++]?.result
  }

  /** Makes a buffer of this many bytes, which stands for the one that the last round made. */
  makeBuffer(byteLength: unknown): MadeBuffer {
    const buffer = this.#buffers[this.#made++]
    if (buffer === undefined || buffer.byteLength !== byteLength) throw new Obstacle('makes another buffer')
    return new MadeBuffer(buffer)
  }
}
