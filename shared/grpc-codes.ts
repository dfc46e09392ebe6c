/** Codes of gRPC, with which Google's services and the audit logs say how a call went. */
export const PERMISSION_DENIED = 7;
export const UNAUTHENTICATED = 16;
