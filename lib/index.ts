export * from './bucket-policy-options';
export * from './encrypted-bucket';
export * from './encryption-enforcer';
export * from './enforce-options';
export * from './enforcement-action';
export * from './event-source';
export * from './key-audit-trail';
export * as mixins from './mixins';
export * from './object-encryption';
