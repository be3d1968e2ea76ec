/** The entry of a thread that helps to search a scenario: loads it, and searches parts. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { coveredWith } from '../src/explore/contracts/covering.ts'
import { loadWithGlobalsReplaced } from '../src/explore/globals/install.ts'
import { nativeAtomics } from '../src/explore/model/native.ts'
import { folderInStacks, leaveOut } from '../src/explore/run/positions.ts'
import { serve } from '../src/explore/search/parts/serve.ts'
import type { Order } from '../src/explore/search/parts/serve.ts'
import { Word } from '../src/lab/cli/explorer/search-threads.ts'
import type { SearchThreadData } from '../src/lab/cli/explorer/search-threads.ts'
import { loadSource } from '../src/lab/load-source.ts'

const { source, control, own, port, words } = workerData as SearchThreadData
// As it is before the scenario is loaded.
const receive = receiveMessageOnPort

// The line where an actor stands must not be a line of the lab's own.
leaveOut(folderInStacks(new Error('here'), './'))
const load = (): ReturnType<typeof loadSource> => loadSource(source)
const scenario = source.kind === 'bug' ? await load() : (await loadWithGlobalsReplaced(load)).module
send('ready')
serve(
  scenario,
  { ...control, covered: coveredWith(scenario, own) },
  {
    next,
    goesOn: (search) => nativeAtomics.load(words, Word.SEARCH) === search,
    answer: send,
  },
)

function send(message: unknown): void {
  port.postMessage(message)
  nativeAtomics.add(words, Word.ANSWERS, 1)
  nativeAtomics.notify(words, Word.ANSWERS)
}

function next(): Order {
  for (;;) {
    const orders = nativeAtomics.load(words, Word.ORDERS) as number
    const received: { readonly message: Order } | undefined = receive(port)
    if (received !== undefined) return received.message
    nativeAtomics.wait(words, Word.ORDERS, orders)
  }
}
