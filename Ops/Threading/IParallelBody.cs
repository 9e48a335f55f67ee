namespace Ops.Threading;

/// <summary>Work cut into numbered parts that may run at the same time, in any order.</summary>
public interface IParallelBody
{
    /// <summary>Runs part <paramref name="part"/>; parts must not write to the same memory.</summary>
    void Run(int part);
}
