"""The rules of the product: standard library only, frozen values, no request, no SQL, no "now"."""
