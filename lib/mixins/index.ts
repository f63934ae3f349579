export * from './require-encryption';
