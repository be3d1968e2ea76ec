import { testPrograms } from './random.ts'

testPrograms(1)
