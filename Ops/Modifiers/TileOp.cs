using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>What one step of a tile program does to vectors, whatever their width. Each op is one object.</summary>
internal abstract class TileOp
{
    /// <summary>Cycles that it takes for a vector of 16 floats, roughly.</summary>
    public double Cycles { get; init; } = 1.5;

    /// <summary>The routine for vectors of a width and type.</summary>
    public abstract TileRoutine<V, C> Bind<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged;

    /// <summary>The op that does this one and then another one with its result as the first operand; null if there is none.</summary>
    /// <remarks>Its operands are this one's, and those that the other one takes besides.</remarks>
    public virtual TileOp? Then(TileOp next) => null;

    /// <summary><see cref="Then"/> of arithmetic.</summary>
    protected virtual TileOp? AfterArithmetic<F>(double cycles)
        where F : struct, IBinaryKernel => null;

    /// <summary><see cref="Then"/> of a function of one operand.</summary>
    protected virtual TileOp? AfterFunction<F>(double cycles)
        where F : struct, IUnaryKernel => null;

    /// <summary><see cref="Then"/> of arithmetic and a function of its result.</summary>
    protected virtual TileOp? AfterBoth<F>(double cycles)
        where F : struct, IBinaryKernel => null;

    /// <summary>What is saved where a result does not go through memory.</summary>
    private const double Saved = 1;

    /// <summary>A function of one operand.</summary>
    internal sealed class Unary<O> : TileOp
        where O : struct, IUnaryKernel
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => UnaryRoutine<V, C, O>.Instance;

        /// <inheritdoc/>
        public override TileOp? Then(TileOp next) => next.AfterFunction<O>(Cycles);

        /// <inheritdoc/>
        protected override TileOp? AfterArithmetic<F>(double cycles) =>
            new FunctionOfArithmetic<TileKernels.Into<F, O>> { Cycles = cycles + Cycles - Saved };
    }

    /// <summary>A function of two operands.</summary>
    internal class Binary<O> : TileOp
        where O : struct, IBinaryKernel
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => BinaryRoutine<V, C, O>.Instance;
    }

    /// <summary>A function of two operands so quick that memory between two such steps would cost about as much as they do.</summary>
    internal sealed class Arithmetic<O> : Binary<O>
        where O : struct, IBinaryKernel
    {
        /// <inheritdoc/>
        public override TileOp? Then(TileOp next) => next.AfterArithmetic<O>(Cycles);

        /// <inheritdoc/>
        protected override TileOp? AfterArithmetic<F>(double cycles) =>
            new Ternary<TileKernels.Chain<F, O>> { Cycles = cycles + Cycles - Saved };

        /// <inheritdoc/>
        protected override TileOp? AfterFunction<F>(double cycles) =>
            new Binary<TileKernels.Onto<F, O>> { Cycles = cycles + Cycles - Saved };

        /// <inheritdoc/>
        protected override TileOp? AfterBoth<F>(double cycles) => new Ternary<TileKernels.Chain<F, O>> { Cycles = cycles + Cycles - Saved };
    }

    /// <summary>Arithmetic, and a function of its result.</summary>
    private sealed class FunctionOfArithmetic<O> : Binary<O>
        where O : struct, IBinaryKernel
    {
        /// <inheritdoc/>
        public override TileOp? Then(TileOp next) => next.AfterBoth<O>(Cycles);
    }

    /// <summary>A function of three operands.</summary>
    internal sealed class Ternary<O> : TileOp
        where O : struct, ITernaryKernel
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => TernaryRoutine<V, C, O>.Instance;
    }

    /// <summary>Elements of a table, the second operand, at any places.</summary>
    internal sealed class Gathering : TileOp
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => GatherRoutine<V, C>.Instance;
    }
}
