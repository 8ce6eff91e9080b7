// Verifies computer keys with jose, given only the JWKS.
//
// Reads a case from standard input, or an array of cases:
//     {"jwks": {...}, "token": "<JWS>", "expected": {"prodotto": "...", "dispositivo": "..."}, "now": 1790000000}
// `now` (optional) is the time at which `exp` is checked. Prints one line of JSON, in the same shape:
//     {"ok": true, "claims": {...}}
//     {"ok": false, "reason": "signature|expired|unknown_kid|wrong_device|wrong_product|malformed"}

import { readFileSync } from "node:fs";
import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";

async function verify({ jwks, token, expected, now }) {
  if (jwks.keys.some((key) => "d" in key)) throw new Error("the JWKS holds a private key");

  let claims;
  try {
    // First the header: without a kid, jose would take any key that fits.
    const { alg, typ, kid } = decodeProtectedHeader(token);
    if (alg !== "EdDSA" || typ !== "JWT") return refused("malformed");
    if (!jwks.keys.some((key) => key.kid === kid)) return refused("unknown_kid");
    const currentDate = now === undefined || now === null ? new Date() : new Date(now * 1000);
    const options = { algorithms: ["EdDSA"], currentDate };
    claims = (await jwtVerify(token, createLocalJWKSet(jwks), options)).payload;
  } catch (error) {
    return refused(reason(error));
  }

  if ("prodotto" in expected && claims.prodotto !== expected.prodotto) return refused("wrong_product");
  if ("dispositivo" in expected && claims.dispositivo !== expected.dispositivo) return refused("wrong_device");
  return { ok: true, claims };
}

function reason(error) {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  // decodeProtectedHeader says what it cannot read as a TypeError.
  if (error instanceof errors.JOSEError || error instanceof TypeError) return "malformed";
  throw error;
}

function refused(why) {
  return { ok: false, reason: why };
}

const cases = JSON.parse(readFileSync(0, "utf8"));
const answer = Array.isArray(cases) ? await Promise.all(cases.map(verify)) : await verify(cases);
console.log(JSON.stringify(answer));
