/** The contract of the read-write lock. */
import type { Contract } from '../contract.ts'
import { modelOf, returning, words } from './primitives.ts'
import type { Primitives, Words } from './primitives.ts'

/** Who is inside, and who has asked to come in. */
interface Inside {
  readonly readers: number
  readonly writer: number
  readonly readersAsk: number
  readonly writersAsk: number
}

const isFreeForReaders = ({ writer, writersAsk }: Inside): boolean => writer === 0 && writersAsk === 0
const isFreeForWriters = ({ readers, writer }: Inside): boolean => readers === 0 && writer === 0
const nobodyAsks = ({ readersAsk, writersAsk }: Inside): boolean => readersAsk === 0 && writersAsk === 0

export function rwLockContract({ RwLock }: Primitives): Contract<Words> {
  return {
    of: RwLock,
    name: 'RwLock',
    counted: ['writeLock'],
    methods: {
      readLock: 'within',
      tryReadLock: 'never',
      readUnlock: 'never',
      writeLock: 'within',
      tryWriteLock: 'never',
      writeUnlock: 'never',
    },
    pairs: {
      readLock: 'takes',
      tryReadLock: 'takes',
      readUnlock: 'gives',
      writeLock: 'takes',
      tryWriteLock: 'takes',
      writeUnlock: 'gives',
    },
    clients: () => [
      {
        memory: words(RwLock.WORDS),
        operations: {
          readLock: (memory) => new RwLock(memory, 0).readLock(),
          tryReadLock: (memory) => new RwLock(memory, 0).tryReadLock(),
          readUnlock: (memory) => new RwLock(memory, 0).readUnlock(),
          writeLock: (memory) => new RwLock(memory, 0).writeLock(),
          tryWriteLock: (memory) => new RwLock(memory, 0).tryWriteLock(),
          writeUnlock: (memory) => new RwLock(memory, 0).writeUnlock(),
        },
        blocking: ['readLock', 'writeLock'],
        parts: { readLock: ['askToRead', 'read'], writeLock: ['askToWrite', 'write'] },
        model: modelOf<Inside>(
          'read-write lock',
          { readers: 0, writer: 0, readersAsk: 0, writersAsk: 0 },
          {
            askToRead: (state) => [{ ...state, readersAsk: state.readersAsk + 1 }],
            read: (state) =>
              isFreeForReaders(state)
                ? [{ ...state, readers: state.readers + 1, readersAsk: state.readersAsk - 1 }]
                : [],
            tryReadLock: (state, operation) =>
              isFreeForReaders(state)
                ? returning({ ...state, readers: state.readers + 1 }, true, operation)
                : returning(state, false, operation),
            readUnlock: (state) => (state.readers > 0 ? [{ ...state, readers: state.readers - 1 }] : []),
            askToWrite: (state) => [{ ...state, writersAsk: state.writersAsk + 1 }],
            write: (state, { process }) =>
              isFreeForWriters(state)
                ? [{ ...state, writer: process as number, writersAsk: state.writersAsk - 1 }]
                : [],
            tryWriteLock: (state, operation) => {
              const { process } = operation
              if (!isFreeForWriters(state)) return returning(state, false, operation)
              const taken = returning({ ...state, writer: process as number }, true, operation)
              return nobodyAsks(state) ? taken : [...taken, ...returning(state, false, operation)]
            },
            writeUnlock: (state, { process }) => (state.writer === process ? [{ ...state, writer: 0 }] : []),
          },
        ),
      },
    ],
  }
}
