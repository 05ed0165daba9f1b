// Native sessions and metrics are counted per process, so tests that count them run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
