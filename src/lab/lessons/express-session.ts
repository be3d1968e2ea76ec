/**
 * Express sessions: the lost update in a web server on one thread. express-session reads a session when a request begins and
 * writes the whole session when the request ends. So of two overlapping requests of one user, one change is lost.
 *
 * The agents of this lesson are not threads but requests to a real Express server on loopback. `src/lab/requests` runs the
 * lesson and measures the figures of its columns. Each customer makes these requests:
 *
 *   two overlapping requests   each adds one to the visits and sets a key of its own in the session
 *   then a slow reader         one request only reads the session; before it ends, a third request adds a visit and sets a key
 */
import type { Lesson, Variant } from './lesson.ts'
import { figure } from './metrics.ts'

const variants = [
  { name: 'memory-store', sound: false, summary: 'express-session’s own MemoryStore, with resave: false' },
  {
    name: 'memory-store-resave',
    sound: false,
    summary: 'the same with resave: true: a request that only reads also writes, and erases the changes made meanwhile',
  },
  {
    name: 'last-write-wins',
    sound: false,
    summary:
      'racelab’s store by default, with resave: true: keys merge; if two requests change one key, the last write wins',
  },
  {
    name: 'racelab',
    sound: true,
    summary: 'racelab’s store, with resave: true and a resolver: keys merge, and numbers are added up',
  },
] as const satisfies readonly Variant[]

export type ExpressVariant = (typeof variants)[number]['name']

export const expressSession: Lesson = {
  name: 'express-session',
  title: 'Express sessions',
  agent: 'Request',
  variants,
  uses: [],
  columns: {
    total: ['visits', 'arrived', 'lost'],
    more: [
      { name: 'keys', show: (metrics) => `${figure(metrics, 'keysArrived')}/${figure(metrics, 'keysExpected')}` },
      {
        name: 'erased',
        show: (metrics) => `${figure(metrics, 'erasedByReaders')}/${figure(metrics, 'readers')}`,
      },
      {
        name: 'accesses',
        show: (metrics) =>
          'accessesExpected' in metrics
            ? `${figure(metrics, 'accessesArrived')}/${figure(metrics, 'accessesExpected')}`
            : '',
      },
    ],
    note: () =>
      'erased: changes that a slow request which only reads overwrote. Times are of whole requests, and requests wait for ' +
      'each other in this run. Keys that different requests set are merged without a resolver. A counter in the session ' +
      '(req.session.visits++) is one key that both requests change. To keep both changes, use a resolver that adds them up, ' +
      'or count with incrementAccess of the session manager, as in the column accesses.',
  },
  lesson: {
    story:
      'A page of a shop sends two requests when it opens: one puts a book into the basket, the other stores the chosen ' +
      'language. Both belong to one customer, and so to one session. Now and then the basket is empty afterwards. The ' +
      'developers cannot reproduce it. They blame the session store and replace it, and the bug stays.',
    timeline: [
      ['', '', 'visits=0'],
      ['get the session: visits=0', '', 'visits=0'],
      ['', 'get the session: visits=0', 'visits=0'],
      ['visits++; basket=book', '', 'visits=0'],
      ['', 'visits++; language=en', 'visits=0'],
      ['end: set the whole session', '', 'visits=1 basket=book'],
      ['', 'end: set the whole session', 'visits=1 language=en'],
    ],
    outcome:
      'Of two visits one was counted, and the basket is lost, although no request changed it except the one that filled it.',
    why:
      'The store’s interface is get and set. A request gets a copy of the session when it begins, and sets the copy when it ' +
      'ends. The time in between is as long as the request: a query, a payment. With resave: true even a request that changes ' +
      'nothing writes its copy back, and a slow one restores values that were overwritten long before.',
    fixes:
      'Keep, for each request, the session that it read. When the request ends, write only the keys that differ from that ' +
      'copy, into the session as it is now, with one compare-and-swap. Requests that set different keys then never conflict. ' +
      'A key that both requests changed is a true conflict, and only the application knows the right value: that of the last ' +
      'write, or that of a resolver, for example the sum. A session that was destroyed meanwhile stays destroyed.',
    trap:
      'resave: false alone stops the readers from writing, but not the writers. A deep merge of whole sessions cannot tell ' +
      'a removed key from a key that was never set, mixes parts of values that belong together, and brings destroyed ' +
      'sessions back. Calling req.session.save() early only makes the time between the read and the write shorter.',
  },
}
