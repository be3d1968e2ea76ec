/** The threads that help to search a scenario. Each loads the scenario from the same file as the main thread. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { nativeAtomics, nativeNow } from '../../../explore/model/native.ts'
import type { ClientTask, Helpers, Reported } from '../../../explore/search/parts/helpers.ts'
import type { PartBounds, PartTask } from '../../../explore/search/parts/search-part.ts'
import type { Answer, Order } from '../../../explore/search/parts/serve.ts'
import type { ControlOptions } from '../../../explore/subject/controlled-scenario.ts'
import type { ScenarioSource } from '../../load-source.ts'

/** What a thread is started with. */
export interface SearchThreadData {
  readonly source: ScenarioSource
  readonly control: ControlOptions
  /** The names of the scenario's own contracts that are used; undefined if no contract is used at all. */
  readonly own: readonly string[] | undefined
  readonly port: MessagePort
  /** See `Word`. */
  readonly words: Int32Array
}

/** The words that the threads share. */
export const Word = {
  /** The number of the search that goes on. */
  SEARCH: 0,
  /** How many orders have been sent to all threads together. The threads sleep on it. */
  ORDERS: 1,
  /** How many messages the threads have sent. The main thread sleeps on it. */
  ANSWERS: 2,
} as const

/** Orders that a thread has at a time: the second one keeps it busy until the main thread hears of the first. */
const ORDERS = 2
/** Milliseconds for the threads to report when a search is interrupted. Each looks after some schedules. */
const LAST_MS = 200

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  /** How many orders it has not answered. */
  orders: number
  isReady: boolean
}

/** As the modules export them. While a scenario's file is loaded, others are in their place. */
const Native = { Int32Array, MessageChannel, receiveMessageOnPort, SharedArrayBuffer, Worker }

export class SearchThreads implements Helpers {
  readonly #count: number
  readonly #start: (port: MessagePort, words: Int32Array) => Worker
  readonly #words = new Native.Int32Array(new Native.SharedArrayBuffer(4 * Object.keys(Word).length))
  readonly #threads: Thread[] = []
  #bounds: PartBounds | undefined
  #search = 0
  #heard = 0

  /** `count`: the number of threads beside this one. `file`: what each of them runs, `workers/search`. */
  constructor(count: number, file: string, source: ScenarioSource, control: ControlOptions, own?: readonly string[]) {
    this.#count = count
    this.#start = (port, words) =>
      new Native.Worker(file, {
        workerData: { source, control, own, port, words } satisfies SearchThreadData,
        transferList: [port],
        // The main thread has printed what the file prints when it is loaded.
        stdout: true,
        stderr: true,
      })
  }

  get areReady(): boolean {
    return this.#threads.length > 0
  }

  get areFree(): boolean {
    return true
  }

  get search(): number {
    return this.#search
  }

  begin(bounds: PartBounds): void {
    this.#bounds = bounds
    this.#nextSearch()
    while (this.#threads.length < this.#count) this.#threads.push(this.#startThread())
  }

  #startThread(): Thread {
    const { port1, port2 } = new Native.MessageChannel()
    const worker = this.#start(port2, this.#words)
    // Of a thread that has ended nothing is heard: the main thread then does its work.
    worker.on('error', () => {}).unref()
    port1.unref()
    return { worker, port: port1, orders: 0, isReady: false }
  }

  /** Makes the threads drop the search before. */
  #nextSearch(): void {
    nativeAtomics.store(this.#words, Word.SEARCH, ++this.#search)
  }

  give(task: PartTask | ClientTask): boolean {
    const least = Math.min(...this.#threads.map(({ orders }) => orders))
    const thread = this.#threads.find(({ orders }) => orders === least && orders < ORDERS)
    if (thread === undefined) return false
    thread.orders++
    thread.port.postMessage({ search: this.#search, task, bounds: this.#bounds! } satisfies Order)
    nativeAtomics.add(this.#words, Word.ORDERS, 1)
    nativeAtomics.notify(this.#words, Word.ORDERS)
    return true
  }

  reports(): readonly Reported[] {
    const sent = nativeAtomics.load(this.#words, Word.ANSWERS) as number
    if (sent === this.#heard) return []
    this.#heard = sent
    return this.#threads.flatMap((thread) => this.#hear(thread))
  }

  #hear(thread: Thread): Reported[] {
    const reports: Reported[] = []
    for (;;) {
      const received: { readonly message: Answer | 'ready' } | undefined = Native.receiveMessageOnPort(thread.port)
      if (received === undefined) return reports
      if (received.message === 'ready') {
        thread.isReady = true
        continue
      }
      thread.orders--
      const { search, reported } = received.message
      if (search === this.#search && reported !== undefined) reports.push(reported)
    }
  }

  wait(milliseconds: number): void {
    nativeAtomics.wait(this.#words, Word.ANSWERS, this.#heard, milliseconds)
  }

  halt(): readonly Reported[] {
    const reports = [...this.reports()]
    // The reports on the search that is interrupted still count.
    nativeAtomics.store(this.#words, Word.SEARCH, -1)
    const end = nativeNow() + LAST_MS
    for (let left = LAST_MS; left > 0 && this.#isBusy; left = end - nativeNow()) {
      nativeAtomics.wait(this.#words, Word.ANSWERS, this.#heard, left)
      reports.push(...this.reports())
    }
    return reports
  }

  get #isBusy(): boolean {
    return this.#threads.some(({ isReady, orders }) => isReady && orders > 0)
  }

  end(): void {
    this.#nextSearch()
    for (const { worker, port } of this.#threads.splice(0)) {
      port.close()
      void worker.terminate()
    }
  }
}
