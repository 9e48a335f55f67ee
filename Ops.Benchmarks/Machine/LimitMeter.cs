namespace Ops.Benchmarks.Machine;

/// <summary>A loop that does nothing but reach a limit of the machine, on as many threads as the ops use.</summary>
public abstract class LimitMeter : IDisposable
{
    /// <summary>The work of one run, in the unit of <see cref="Limit.Work"/>.</summary>
    public abstract double Work { get; }

    /// <summary>Runs the loop once.</summary>
    public abstract void Run();

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
