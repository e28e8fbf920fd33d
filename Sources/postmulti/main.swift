print("postmulti")
