/**
 * The session manager in shared memory, and its database port. `import … from 'racelab'`; no other library is loaded with it.
 *
 * @module racelab
 */
export * from '../../../src/store/index.ts'
