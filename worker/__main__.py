"""`python -m worker` is `amends`."""

from worker.cli.main import main

if __name__ == "__main__":
    main()
