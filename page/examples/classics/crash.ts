/**
 * A crash with recovery: a transfer takes from one account and adds to another. alice may crash at any step. She writes the amount down
 * first, so that the recovery can see that a transfer was under way. But it cannot see whether the second account has got it.
 *
 * Try this: note in the journal how far the transfer has come, in the same step as the change.
 */
import { scenario } from 'racelab/explore'

const [FROM, TO, JOURNAL] = [0, 1, 2]
const AMOUNT = 5

export default scenario({
  name: 'a transfer with a crash',
  memory() {
    const accounts = new Int32Array(new SharedArrayBuffer(12))
    accounts.set([10, 0])
    return accounts
  },
  actors: {
    alice(accounts) {
      Atomics.store(accounts, JOURNAL, AMOUNT)
      Atomics.sub(accounts, FROM, AMOUNT)
      Atomics.add(accounts, TO, AMOUNT)
      Atomics.store(accounts, JOURNAL, 0)
    },
  },
  crashes: 1,
  recover(accounts) {
    const amount = Atomics.load(accounts, JOURNAL)
    if (amount === 0) return
    Atomics.add(accounts, TO, amount)
    Atomics.store(accounts, JOURNAL, 0)
  },
  observe: (accounts) => accounts[FROM]! + accounts[TO]!,
  outcomes: { 10: 'acceptable', 15: ['forbidden', 'money was made'] },
  names: (accounts) => ({ from: [accounts, FROM], to: [accounts, TO], journal: [accounts, JOURNAL] }),
})
