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

    /// <summary>The op that makes of three operands what another makes of this one's result and the third; null if there is none.</summary>
    public virtual TileOp? Then(TileOp next) => null;

    /// <summary>What <see cref="Then"/> gives for a first op.</summary>
    protected virtual TileOp? After<O>()
        where O : struct, IBinaryKernel => null;

    /// <summary>A function of one operand.</summary>
    internal sealed class Unary<O> : TileOp
        where O : struct, IUnaryKernel
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => UnaryRoutine<V, C, O>.Instance;
    }

    /// <summary>A function of two operands.</summary>
    internal class Binary<O> : TileOp
        where O : struct, IBinaryKernel
    {
        /// <inheritdoc/>
        public override TileRoutine<V, C> Bind<V, C>() => BinaryRoutine<V, C, O>.Instance;
    }

    /// <summary>A function of two operands so quick that memory between two such steps would cost more than they do.</summary>
    internal sealed class Arithmetic<O> : Binary<O>
        where O : struct, IBinaryKernel
    {
        /// <inheritdoc/>
        public override TileOp? Then(TileOp next) => next.After<O>();

        /// <inheritdoc/>
        protected override TileOp? After<F>() => Chains<F>.Op;

        private static class Chains<F>
            where F : struct, IBinaryKernel
        {
            public static readonly TileOp Op = new Ternary<TileKernels.Chain<F, O>> { Cycles = 2 };
        }
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
