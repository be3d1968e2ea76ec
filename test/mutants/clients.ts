/**
 * What generated clients make of the session manager: `node --import tsx test/mutants/clients.ts`. It prints a line a scenario, and
 * exits with 1 if a client fails or does not end, and with 3 if none does but some were not explored to the end.
 */
import { explore } from '../../src/explore/index.ts'
import {
  cleaningOperations,
  creations,
  firstPair,
  knownSession,
  pairOperations,
  refusedCreation,
  sessionOperations,
  sharedRound,
  twoChanges,
} from '../explore/clients/session-manager.ts'
import { largeStore, wholeStore } from '../explore/clients/whole-store.ts'

const IN_AND_OUT = ['create', 'delete', 'clean', 'clean one', 'stats']
const ROWS = [
  'delete, and clean at the second attempt',
  'create',
  'create while rows stay',
  'expire',
  'delete',
  'take dead letters',
  'stats',
].concat('clean while rows stay', 'give up while rows stay')
/** No call of a client takes as many steps. */
const MOST_STEPS = 2000
/** The scenarios, and after how many seconds each is given up. */
const scenarios = [
  // A call that does not end alone: the explorer would look for its schedules with other calls until the time is up.
  [{ ...sessionOperations(), threads: 1 }, 60],
  [largeStore(), 60],
  [cleaningOperations(), 60],
  [sharedRound(), 60],
  [knownSession(), 60],
  [twoChanges(), 60],
  [firstPair(), 60],
  [refusedCreation(), 60],
  [creations(), 60],
  [wholeStore({ calls: 2 }), 60],
  [wholeStore({ calls: 1, before: 2 }), 60],
  [sessionOperations(), 60],
  [wholeStore({ calls: 4, names: ROWS, ids: 1, before: 1 }), 60],
  [wholeStore({ calls: 3, names: IN_AND_OUT, before: 2 }), 60],
  [wholeStore({ calls: 4, names: IN_AND_OUT, ids: 2 }), 60],
  [pairOperations(), 90],
  [{ ...sessionOperations(['create', 'delete', 'clean'], 2), calls: 2 }, 10],
] as const

for (const [scenario, timeout] of scenarios) {
  const { verdict, clients, client, failures, error, stopped } = explore(scenario, { timeout, maxSteps: MOST_STEPS })
  const calls = client === undefined ? '' : JSON.stringify(client)
  console.log(
    `${verdict} (${clients} clients): ${failures[0]?.message ?? error?.message ?? stopped ?? 'holds'} ${calls}`,
  )
  if (verdict === 'fail' || verdict === 'error' || stopped?.includes(`after ${MOST_STEPS.toLocaleString('en')} steps`))
    process.exit(1)
  if (verdict === 'inconclusive') process.exitCode = 3
}
