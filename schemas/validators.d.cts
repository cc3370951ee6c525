import type { ValidateFunction } from 'ajv';
import type { GatewayDocument } from '../src/config/document.types.ts';

/** Generated from gateway.schema.json by generate-validators.ts, like the next one from include.schema.json. */
export declare const validateGateway: ValidateFunction<GatewayDocument>;
export declare const validateInclude: ValidateFunction<
  Pick<GatewayDocument, 'upstreams' | 'routes' | 'roles'> & { version?: 1 }
>;
