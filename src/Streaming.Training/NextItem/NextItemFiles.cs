using Streaming.Core.Items;
using Streaming.Training.Evaluate;

namespace Streaming.Training.NextItem;

/// <summary>Train sessions and test rows of an evaluation.</summary>
internal sealed class NextItemFiles
{
    /// <summary>Item ids; numbers below the train sessions' item count are train items.</summary>
    public required ItemDictionary Ids { get; init; }
    /// <summary>Train sessions.</summary>
    public required SessionLog Train { get; init; }
    /// <summary>Test rows.</summary>
    public required TestRows Test { get; init; }
    /// <summary>Bad rows of the train file.</summary>
    public required RowReader TrainRows { get; init; }
    /// <summary>Bad rows of the test file.</summary>
    public required RowReader TestRows { get; init; }

    /// <summary>Reads both files.</summary>
    /// <exception cref="InvalidDataException">A file is not of its form, or has nothing to use.</exception>
    public static NextItemFiles Read(NextItemOptions options)
    {
        var (ids, trainRows, testRows) = (new ItemDictionary(), new RowReader(), new RowReader());
        using var trainStream = InputFile.Open(options.Train);
        var train = options.Format == NextItemFormat.Clicks ? ClickFiles.ReadTrain(trainStream, ids, trainRows) : SessionFiles.ReadTrain(trainStream, ids, trainRows);
        if (train.Clicks == 0) throw new InvalidDataException("the train file has no session");
        using var testStream = InputFile.Open(options.Test);
        var test = options.Format == NextItemFormat.Clicks ? ClickFiles.ReadTest(testStream, ids, testRows) : SessionFiles.ReadTest(testStream, ids, testRows);
        if (test.Count == 0) throw new InvalidDataException("the test file has no row to answer");
        return new NextItemFiles { Ids = ids, Train = train, Test = test, TrainRows = trainRows, TestRows = testRows };
    }
}
