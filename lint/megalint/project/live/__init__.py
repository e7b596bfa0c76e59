"""Launch templates as they are in an account: their versions, and who starts machines from them."""
