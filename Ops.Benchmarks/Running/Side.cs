using System.Diagnostics;

namespace Ops.Benchmarks.Running;

/// <summary>One of those that take turns, and the times of its turns.</summary>
/// <param name="run">One call; it is given the number of the call.</param>
internal sealed class Side(Action<int> run)
{
    /// <summary>The first call compiles; a turn is as long as one after it says.</summary>
    private const int LeastCalls = 3;

    private readonly List<double> seconds = [];
    private int calls, perTurn = 1;

    /// <summary>Seconds of a call, turn by turn.</summary>
    public IReadOnlyList<double> Seconds => seconds;

    /// <summary>Runs for a while, and finds how many calls make a turn.</summary>
    /// <returns>How long a turn will take at best.</returns>
    public TimeSpan WarmUp(TimeSpan time, TimeSpan turn)
    {
        long start = Stopwatch.GetTimestamp();
        double best = double.PositiveInfinity;
        do
        {
            long before = Stopwatch.GetTimestamp();
            run(calls++);
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start) < time || calls < LeastCalls);
        perTurn = (int)Math.Clamp(turn.TotalSeconds / best, 1, 1 << 20);
        return TimeSpan.FromSeconds(best * perTurn);
    }

    /// <summary>Takes a turn.</summary>
    public void TakeTurn()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < perTurn; i++)
            run(calls++);
        seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / perTurn);
    }
}
