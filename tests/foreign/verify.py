"""Verifies computer keys with PyJWT, given only the JWKS.

Reads a case from standard input, or an array of cases:
    {"jwks": {...}, "token": "<JWS>", "expected": {"prodotto": "...", "dispositivo": "..."}, "now": 1790000000}
`now` (optional) is the time at which `exp` is checked. Prints one line of JSON, in the same shape:
    {"ok": true, "claims": {...}}
    {"ok": false, "reason": "signature|expired|unknown_kid|wrong_device|wrong_product|malformed"}
"""

import json
import sys
import time

import jwt


def main():
    cases = json.load(sys.stdin)
    answer = [verify(case) for case in cases] if isinstance(cases, list) else verify(cases)
    print(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


def verify(case):
    try:
        claims = read(case["token"], public_keys(case["jwks"]), case.get("now"))
    except Refused as refusal:
        return {"ok": False, "reason": refusal.reason}
    for name, reason in (("prodotto", "wrong_product"), ("dispositivo", "wrong_device")):
        if name in case["expected"] and claims.get(name) != case["expected"][name]:
            return {"ok": False, "reason": reason}
    return {"ok": True, "claims": claims}


class Refused(Exception):
    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def public_keys(jwks):
    if any("d" in key for key in jwks["keys"]):
        raise ValueError("the JWKS holds a private key")
    return {key["kid"]: key for key in jwks["keys"]}


def read(token, keys, now):
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise Refused("malformed") from None
    if header.get("alg") != "EdDSA" or header.get("typ") != "JWT":
        raise Refused("malformed")
    if header.get("kid") not in keys:
        raise Refused("unknown_kid")

    key = jwt.PyJWK(keys[header["kid"]])
    # Neither `iat` nor `nbf`: a slow clock must not refuse a good key. `exp` below, at the time given.
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims = jwt.decode(token, key, algorithms=["EdDSA"], options=options)
    except jwt.InvalidSignatureError:
        raise Refused("signature") from None
    except jwt.InvalidTokenError:
        raise Refused("malformed") from None

    if "exp" in claims:
        if not isinstance(claims["exp"], int) or isinstance(claims["exp"], bool):
            raise Refused("malformed")
        if claims["exp"] <= (time.time() if now is None else now):
            raise Refused("expired")
    return claims


if __name__ == "__main__":
    main()
